import type pg from 'pg';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import { withClient } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import { rules } from './rules.ts';
import type { Rule } from './rules.ts';

/** Something in an exposed schema that lets somebody reach what is not theirs. */
export interface Finding {
  readonly rule: string;
  readonly level: Rule['level'];
  readonly schema: string;
  /** With its schema, such as `users.profiles`. */
  readonly object: string;
  readonly fix: string;
}

const proof = 'windlass_gate';

/**
 * What breaks the rules in these schemas. Every run proves itself: within one transaction, which
 * is rolled back, each rule must also report the breach that was planted for it.
 */
export async function findOpenRows(
  login: Login,
  schemas: readonly string[],
  judged: readonly Rule[] = rules,
): Promise<readonly Finding[]> {
  return withClient(login, async (client) => {
    await client.query('begin');
    try {
      await plant(client, judged);
      const found: Finding[] = [];
      for (const rule of judged)
        found.push(...(await judge(client, rule, [...new Set([...schemas, proof])])));
      refuseBlindness(judged, found);
      return found.filter(({ schema }) => schema !== proof);
    } finally {
      await client.query('rollback');
    }
  });
}

async function plant(client: pg.Client, judged: readonly Rule[]): Promise<void> {
  await client.query(`create schema ${proof}`);
  // A copy that is tried on before the first deploy has no sign-ins yet.
  await client.query(`do $$ begin
    if to_regclass('auth.users') is null then
      create schema if not exists auth;
      create table auth.users (id uuid);
    end if;
  end $$`);
  for (const { planted } of judged) await client.query(planted);
}

const Rows = z.array(z.object({ schema: z.string(), name: z.string() }));

async function judge(
  client: pg.Client,
  { id: rule, level, query, fix }: Rule,
  schemas: readonly string[],
): Promise<readonly Finding[]> {
  const { rows } = await client.query(query, [schemas]);
  return Rows.parse(rows).map(({ schema, name }) => {
    return { rule, level, schema, object: `${schema}.${name}`, fix };
  });
}

function refuseBlindness(judged: readonly Rule[], found: readonly Finding[]): void {
  const awake = found.filter(({ schema }) => schema === proof).map(({ rule }) => rule);
  const blind = judged.filter(({ id }) => !awake.includes(id)).map(({ id }) => id);
  if (blind.length === 0) return;
  throw new Failure({
    code: 'ROW_SECURITY_GATE_BLIND',
    what: 'The row level security check failed its own test',
    why: `no finding by ${blind.join(', ')}`,
    fix: 'This is a bug in Windlass: please report it with what it names.',
  });
}
