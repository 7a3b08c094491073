import { afterAll, beforeAll, expect, test } from 'vitest';
import { Failure, failureLines } from '../../src/failure.ts';
import { runMigrations } from '../../src/postgres/alembic.ts';
import type { Login } from '../../src/postgres/connect.ts';
import { toApplicationFailure } from '../../activities/edge.ts';
import { type ProjectDatabase, projectDatabase } from '../examples/database.ts';
import { history } from './history.ts';
import { loginOf } from './login.ts';

let database: ProjectDatabase;
let admin: Login;

beforeAll(async () => {
  database = await projectDatabase();
  admin = loginOf(database.urlOf('postgres'));
});
afterAll(() => database?.stop());

const passfile = `open(__import__("os").environ["PGPASSFILE"]).read().strip()`;
const password = `${passfile}.split(":")[-1]`;

test.each([
  ['raises its password file', `raise Exception(${passfile})`],
  ['raises a DSN', `raise Exception("postgresql://postgres:" + ${password} + "@db.example/x")`],
  [
    'raises it in base64',
    `raise Exception(__import__("base64").b64encode(("u:" + ${password}).encode()).decode())`,
  ],
  ['raises all of its variables', `raise Exception(dict(__import__("os").environ), ${password})`],
  ['prints it and ends', `print(${password}, flush=True); __import__("os")._exit(3)`],
  [
    'writes it to stderr and ends',
    `__import__("os").write(2, (${password}).encode()); __import__("os")._exit(3)`,
  ],
  [
    'raises it in the database',
    `op.execute("do $$ begin raise exception '" + ${password} + "'; end $$")`,
  ],
])('a migration that %s tells nobody', async (_what, code) => {
  const made = await history('meals', [{ code: `    ${code}` }]);
  const error = await runMigrations(
    { verb: 'upgrade', folders: made.folders },
    { login: admin },
  ).catch((thrown: unknown) => thrown);
  const carried = toApplicationFailure(error);
  const told = [
    ...(error instanceof Failure ? failureLines(error) : [String(error)]),
    ...chain(carried).flatMap((one) => [one.message, one.stack]),
    JSON.stringify(carried.details),
  ].join('\n');
  expect(carried.message.length).toBeGreaterThan(10);
  for (const form of [
    admin.password,
    Buffer.from(admin.password).toString('hex'),
    Buffer.from(`u:${admin.password}`).toString('base64').slice(4, -4),
  ])
    expect(told).not.toContain(form);
  await made.remove();
});

function chain(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...chain(error.cause)] : [];
}
