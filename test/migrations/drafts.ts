import * as fc from 'fast-check';

/** A column or table that a random revision makes, and what a user may write into it. */
export interface Thing {
  readonly table: string;
  /** Absent = the whole table, which the revision makes. */
  readonly column?: string;
  readonly type: Type;
  readonly fallback: 'none' | 'constant' | 'volatile';
  readonly written: boolean;
}

export interface Type {
  readonly sql: string;
  /** SQL of a value, and of another one that serves as the default. */
  readonly value: string;
  readonly fallback: string;
}

/** A random revision on a random schema. */
export interface RandomRevision {
  readonly tables: readonly string[];
  readonly things: readonly Thing[];
  /** The downgrade drops everything in one statement where it can, or each alone. */
  readonly together: boolean;
  readonly cascade: boolean;
  readonly maybe: boolean;
  /** The downgrade names tables without their schema. */
  readonly bare: boolean;
  /** What a downgrade does beside its job; the schema has to stay then. */
  readonly trap: 'none' | 'old column' | 'old rows' | 'old table' | 'blind' | 'old value';
}

const type = (sql: string, value: string, fallback: string): Type => ({ sql, value, fallback });

// Of each kind there is: without equality, with an own equality, with a typmod, made by users.
const types: readonly Type[] = [
  type('int', '41', '7'),
  type('bigint', '9000000000', '0'),
  type('text', `'mine'`, `''`),
  type('public.citext', `'A'`, `'a'`),
  type('json', `'{"a": 1}'`, `'{}'`),
  type('jsonb', `'[1]'`, `'[]'`),
  type('xml', `'<a/>'`, `'<b/>'`),
  type('point', 'point(1,2)', `'(0,0)'`),
  type('numeric(10,2)', '1.5', '1'),
  type('boolean', 'true', 'false'),
  type('timestamptz', `'2026-01-01Z'`, `'2000-01-01Z'`),
  type('date', `'2026-01-01'`, `'2000-01-01'`),
  type('uuid', `'00000000-0000-4000-8000-000000000001'`, `'00000000-0000-4000-8000-000000000000'`),
  type('int[]', `'{1,null}'`, `'{}'`),
  type('bytea', `'\\x01'`, `'\\x'`),
  type('char(4)', `'b'`, `'a'`),
  type('varchar(9)', `'b'`, `'a'`),
  type('interval', `'1 day'`, `'24:00:00'`),
  type('double precision', `'nan'`, '0'),
  type('"Mood"', `'gut'`, `'schlecht'`),
  type('email', `'a@b'`, `'x@y'`),
  type('pair', 'row(1,null)', 'row(null,null)'),
  type('int4range', `'[1,2)'`, `'empty'`),
  type('tsvector', `'a b'`, `''`),
];

const names = [
  'note',
  'userNote',
  'größe',
  'order',
  'select',
  'a b',
  'x"y',
  "it's",
  'Ü',
  'c.d',
  '日本',
];
const name = fc.tuple(fc.constantFrom(...names), fc.nat(3)).map(([one, n]) => `${one}${n || ''}`);

/** Any revision: new columns of tables that stand, and new tables, each perhaps written to. */
export const randomRevision: fc.Arbitrary<RandomRevision> = fc
  .record({
    tables: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
    drafts: fc.array(
      fc.record({
        at: fc.nat(2),
        column: fc.option(name, { nil: undefined, freq: 4 }),
        type: fc.constantFrom(...types),
        fallback: fc.oneof(
          { weight: 6, arbitrary: fc.constantFrom('none' as const, 'constant' as const) },
          { weight: 1, arbitrary: fc.constant('volatile' as const) },
        ),
        written: fc.nat(4).map((n) => n === 0),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    ...{ together: fc.boolean(), cascade: fc.boolean(), maybe: fc.boolean(), bare: fc.boolean() },
    trap: fc.oneof(
      { weight: 5, arbitrary: fc.constant('none' as const) },
      { weight: 1, arbitrary: fc.constantFrom('old column' as const, 'old rows' as const) },
      { weight: 1, arbitrary: fc.constantFrom('old table' as const, 'blind' as const) },
      { weight: 1, arbitrary: fc.constant('old value' as const) },
    ),
  })
  .map(({ drafts, ...rest }) => {
    const things = drafts.map(({ at, column, ...draft }, index) =>
      column === undefined
        ? { ...draft, table: `new ${index}` }
        : {
            ...draft,
            table: rest.tables[at % rest.tables.length] ?? '',
            column: `${column}_${index}`,
          },
    );
    return { ...rest, things };
  });
