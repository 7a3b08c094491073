import fc from 'fast-check';

/** Names that every object inherits, and others that readers trip over. */
const awkward = fc.constantFrom(
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', '0', 'null'],
  ...['\u0000', '\u001B[2J', '../x', 'a'.repeat(300), 'javascript:alert(1)', '\uD800'],
);

const leaf = fc.oneof(
  awkward,
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, Number.MAX_SAFE_INTEGER, 0.1, '', [], {}),
);

/** Any value that JSON can say, awkward keys among it. */
export const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(awkward, fc.string({ maxLength: 8 })), tie('value')), {
        maxLength: 4,
      })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

/** A text that is nearly `sound`: pieces taken out, doubled, or put in. */
export function nearly(sound: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    awkward,
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('{', '}', '[', ']', ':', '"', '\n', '- ', '&a ', '*a', '!!x ', '? ', '|', '9'),
  );
  const change = fc.record({
    at: fc.nat({ max: sound.length }),
    out: fc.oneof(fc.constant(0), fc.nat({ max: 12 }), fc.nat({ max: sound.length })),
    piece,
  });
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) =>
      changes.reduce(
        (text, { at, out, piece: added }) => text.slice(0, at) + added + text.slice(at + out),
        sound,
      ),
    );
}

/** A value that is nearly `sound`: something in it, at any depth, is another. */
export function nearlyJson(sound: unknown): fc.Arbitrary<unknown> {
  const paths = pathsIn(sound);
  return fc
    .array(fc.tuple(fc.constantFrom(...paths), anyJson), { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((value, [path, put]) => withPut(value, path, put), sound));
}

type Path = readonly string[];

function pathsIn(value: unknown, above: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [above];
  const below = Object.entries(value).flatMap(([key, one]) => pathsIn(one, [...above, key]));
  return [above, ...below, [...above, 'unknown'], [...above, '__proto__']];
}

function withPut(value: unknown, [key, ...rest]: Path, put: unknown): unknown {
  if (key === undefined) return put;
  if (Array.isArray(value))
    return value.map((one, at) => (String(at) === key ? withPut(one, rest, put) : one));
  const entries = new Map<string, unknown>(
    Object.entries(typeof value === 'object' && value !== null ? value : {}),
  );
  entries.set(key, withPut(entries.get(key), rest, put));
  return Object.fromEntries(entries);
}

/** A body as a server may send it: JSON that is nearly right, or bytes. */
export function nearlyBody(sound: unknown): fc.Arbitrary<string> {
  return fc.oneof(
    nearlyJson(sound).map((value) => JSON.stringify(value) ?? ''),
    anyJson.map((value) => JSON.stringify(value)),
    nearly(JSON.stringify(sound)),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
}
