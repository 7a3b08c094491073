import * as fc from 'fast-check';
import type pg from 'pg';
import { judge } from '../../src/migrations/judge.ts';
import { type Login, withClient } from '../../src/postgres/connect.ts';
import { whyStays } from '../../src/postgres/why-stays.ts';
import { randomRevision, type RandomRevision } from './drafts.ts';
import { reviewOf } from './review-of.ts';
import { writeRevision } from './write-revision.ts';

/** How many random revisions went down, and how many stayed. */
export interface Simulated {
  readonly down: number;
  readonly stayed: number;
  /** Stayed although nobody had written anything that would go. */
  readonly timid: number;
}

/**
 * Random revisions, up, rows, and a rollback by the code that decides about real ones. Throws with
 * the smallest revision by which a written value goes without a word.
 */
export async function simulate(login: Login, numRuns: number, seed: number): Promise<Simulated> {
  const seen = { down: 0, stayed: 0, timid: 0 };
  let number = 0;
  await withClient(login, async (client) => {
    await client.query('create extension if not exists citext with schema public');
    await fc.assert(
      fc.asyncProperty(randomRevision, async (revision) => {
        number += 1;
        const went = await carryOut(client, { login, schema: `case ${number}`, revision });
        const lossless = mayGo(revision);
        if (went && !lossless) throw new Error('a written value is gone');
        if (went) seen.down += 1;
        else seen.stayed += 1;
        if (!went && lossless && !isDoubtful(revision)) seen.timid += 1;
      }),
      { numRuns, seed },
    );
  });
  return seen;
}

interface Turn {
  readonly login: Login;
  readonly schema: string;
  readonly revision: RandomRevision;
}

/** Did the schema go down? What the database says of the values that stood before is checked. */
async function carryOut(client: pg.Client, { login, schema, revision }: Turn): Promise<boolean> {
  const { before, up, rows, down } = writeRevision(schema, revision);
  await client.query(before);
  try {
    await client.query(up);
    await client.query(rows);
    const judged = await judge(reviewOf({ up, down }));
    if (judged.faults.length > 0) throw new Error(judged.faults.join('\n'));
    const asked = await whyStays(login, [judged]);
    const why = 'why' in asked ? asked.why : undefined;
    const held = await oldValues(client, schema, revision);
    if (why !== undefined) return false;
    await client.query(down);
    const after = await oldValues(client, schema, revision);
    if (after !== held) throw new Error(`what stood before is not the same: ${held} / ${after}`);
    return true;
  } finally {
    await client.query(`reset search_path; drop schema "${schema}" cascade`);
  }
}

async function oldValues(
  client: pg.Client,
  schema: string,
  { tables }: RandomRevision,
): Promise<string> {
  const found: unknown[] = [];
  for (const table of tables) {
    const name = `"${schema}"."${table.replaceAll('"', '""')}"`;
    found.push((await client.query(`select id, old from ${name} order by id`)).rows);
  }
  return JSON.stringify(found);
}

/** A name without a schema may be anything; a default that is a row is not known for constant. */
function isDoubtful({ bare, things }: RandomRevision): boolean {
  return bare || things.some(({ type, fallback }) => type.sql === 'pair' && fallback !== 'none');
}

/** By the model alone: nobody wrote, the defaults are the same each time, nothing old is touched. */
function mayGo({ things, trap }: RandomRevision): boolean {
  return (
    trap === 'none' &&
    things.every(
      ({ written, column, fallback }) =>
        !written && (column === undefined || fallback !== 'volatile'),
    )
  );
}
