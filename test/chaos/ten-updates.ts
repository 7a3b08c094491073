import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from '../../bench/project.ts';

type Tree = Pick<Project, 'root' | 'edit'>;

/** A revision of a service, as SQL; `outside` = not in a transaction. */
interface Change {
  readonly up: string;
  readonly down: string;
  readonly outside?: true;
}

/** What one release brings, by service: a revision, or new code. */
interface Update {
  readonly what: string;
  readonly revisions?: Readonly<Record<string, Change>>;
  readonly edit?: readonly [file: string, from: string, to: string];
  /** Whether it is rolled back as soon as it stands. */
  readonly back?: true;
}

const column = (table: string, name: string): Change => ({
  up: `alter table ${table} add column ${name} text`,
  down: `alter table ${table} drop column ${name}`,
});

const lunch = {
  up: `alter table meals.meals add column portions int;
    create policy windlass_fill on meals.meals to meals_owner using (true) with check (true);
    update meals.meals set portions = 1;
    drop policy windlass_fill on meals.meals`,
  down: 'alter table meals.meals drop column portions',
};

const sets = {
  up: `create table movements.sets (id int primary key, movement uuid references movements.movements);
    alter table movements.sets enable row level security, force row level security`,
  down: 'drop table movements.sets',
};

const newCode = (service: string): readonly [string, string, string] => [
  `examples/wellness/${service}/main.py`,
  'VERSION = "1.0.0"',
  'VERSION = "2.0.0"',
];

/** Ten releases; most of them change tables that somebody writes to. */
export const tenUpdates: readonly Update[] = [
  { what: 'a column', revisions: { habits: column('habits.habits', 'remark') } },
  {
    what: 'a column with a default',
    revisions: {
      meals: {
        up: 'alter table meals.meals add column salt int not null default 0',
        down: 'alter table meals.meals drop column salt',
      },
    },
  },
  {
    what: 'an index, concurrently',
    revisions: {
      journal: {
        up: `drop index concurrently if exists journal.entries_body;
          create index concurrently entries_body on journal.entries (user_id, body)`,
        down: 'drop index concurrently if exists journal.entries_body',
        outside: true,
      },
    },
    back: true,
  },
  { what: 'code of one service', edit: newCode('movements') },
  {
    what: 'a setting',
    edit: ['windlass.yaml', 'https://wellness.example.com\n', 'https://next.example.com\n'],
  },
  { what: 'a table that refers to one', revisions: { movements: sets }, back: true },
  { what: 'a column, filled', revisions: { meals: lunch } },
  {
    what: 'an index, not concurrently',
    revisions: {
      habits: {
        up: 'create index habits_name on habits.habits (name)',
        down: 'drop index habits.habits_name',
      },
    },
  },
  { what: 'code of another', edit: newCode('journal') },
  {
    what: 'columns of four tables',
    revisions: {
      habits: column('habits.habits', 'last'),
      journal: column('journal.entries', 'last'),
      meals: column('meals.meals', 'last'),
      movements: column('movements.movements', 'last'),
    },
    back: true,
  },
];

/** Writes an update into the tree; `n` is its place among the ten. */
export async function prepare(tree: Tree, n: number): Promise<void> {
  const { revisions = {}, edit } = tenUpdates[n] ?? {};
  if (edit) await tree.edit(...edit);
  for (const [service, change] of Object.entries(revisions)) {
    const before = tenUpdates.slice(0, n).filter((one) => one.revisions?.[service]).length;
    const [id, after] = [nameOf(service, 4 + before), nameOf(service, 3 + before)];
    const folder = join(tree.root, 'examples', 'wellness', service, 'migrations', 'versions');
    await writeFile(join(folder, `${id}.py`), textOf({ id, after, change }));
  }
}

function nameOf(service: string, number: number): string {
  return `${service}_${String(number).padStart(4, '0')}`;
}

interface Named {
  readonly id: string;
  readonly after: string;
  readonly change: Change;
}

function textOf({ id, after, change: { up, down, outside } }: Named): string {
  const block = (text: string) =>
    outside
      ? `    with op.get_context().autocommit_block():\n${text
          .split(';')
          .map((one) => `        op.execute("""${one.trim()}""")`)
          .join('\n')}`
      : `    op.execute("""${text}""")`;
  return `"""A change under load."""

from alembic import op

revision = "${id}"
down_revision = "${after}"
windlass = "expand"


def upgrade() -> None:
${block(up)}


def downgrade() -> None:
${block(down)}
`;
}
