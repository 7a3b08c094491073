import { z } from 'zod';
import { putOnce, readObject, statObject } from '../gcp/objects.ts';
import { Failure } from '../failure.ts';
import { removeGeneration } from '../gcp/remove-generation.ts';
import type { Site } from '../site.ts';
import { readStored } from '../stored-json.ts';

const Identity = z.object({
  name: z.string(),
  how: z.enum(['ssh-key', 'oidc', 'google', 'os-user']),
  by: z.string(),
  same: z.array(z.string()).readonly(),
});

/** That somebody who may do so started a run; written by the worker that checked it. */
export const StartRecord = z.object({
  version: z.literal(1),
  run: z.string(),
  kind: z.string(),
  started: Identity,
  /** The release whose rules hold for this run is this very one: there was none before. */
  firstUse: z.boolean(),
  secondPerson: z.boolean(),
  approval: z.enum(['auto', 'wait']),
  people: z.unknown(),
});
export type StartRecord = z.infer<typeof StartRecord>;

const ApprovalRecord = z.object({ version: z.literal(1), plan: z.string(), approved: Identity });
export type ApprovalRecord = z.infer<typeof ApprovalRecord>;

/** The record of a run’s start; undefined where nobody who may do so started it. */
export async function readStart(site: Site, runId: string): Promise<StartRecord | undefined> {
  const name = `trust/runs/${runId}/start.json`;
  const text = await readObject(site.google, at(site, name));
  const what = `Who started the run ${runId}`;
  return text && readStored(text, { schema: StartRecord, what, where: urlOf(site, name) });
}

/** Writes down that the start of a run was checked. */
export async function writeStart(site: Site, record: StartRecord): Promise<void> {
  await putOnce(site.google, at(site, `trust/runs/${record.run}/start.json`), json(record));
}

/** Writes down that a plan of a run was approved by somebody who may do so. */
export async function writeApproval(site: Site, run: string, record: ApprovalRecord) {
  const name = `trust/runs/${run}/approval-${record.plan.slice(0, 12)}.json`;
  await putOnce(site.google, at(site, name), json(record));
}

/** Whether that plan of the run was approved. */
export async function wasApproved(site: Site, run: string, plan: string): Promise<boolean> {
  const name = `trust/runs/${run}/approval-${plan.slice(0, 12)}.json`;
  const text = await readObject(site.google, at(site, name));
  if (text === undefined) return false;
  const what = `Who approved the run ${run}`;
  const record = readStored(text, { schema: ApprovalRecord, what, where: urlOf(site, name) });
  return record.plan === plan;
}

const Use = z.object({
  version: z.literal(1),
  run: z.string(),
  /** The piece of work that used it; equal for every attempt. */
  work: z.string(),
  statement: z.string(),
  identity: Identity,
});
export type Use = z.infer<typeof Use>;

/** What a statement was used for; undefined where it never was. */
export async function readUse(site: Site, nonce: string): Promise<Use | undefined> {
  const name = `trust/used/${nonce}.json`;
  const text = await readObject(site.google, at(site, name));
  const what = 'What a signed word was used for';
  return text && readStored(text, { schema: Use, what, where: urlOf(site, name) });
}

/** Uses up a statement; false where somebody used it for something else meanwhile. */
export async function writeUse(site: Site, nonce: string, use: Use): Promise<boolean> {
  return putOnce(site.google, at(site, `trust/used/${nonce}.json`), json(use)).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Failure && error.code === 'OBJECT_DIFFERS') return false;
      throw error;
    },
  );
}

/** Lays a token where only who may read the release bucket finds it. */
export async function layToken(site: Site, object: string, token: string): Promise<void> {
  await putOnce(site.google, at(site, object), Buffer.from(token));
}

/** The token that waits there; undefined where it is gone. */
export async function readToken(site: Site, object: string): Promise<string | undefined> {
  const bytes = await readObject(site.google, at(site, object));
  return bytes && String(bytes);
}

/** Takes the token away for good: no older version of it stays in the bucket. */
export async function dropToken(site: Site, object: string): Promise<void> {
  const stored = await statObject(site.google, at(site, object));
  if (stored) await removeGeneration(site.google, stored);
}

function json(record: object): Buffer {
  return Buffer.from(`${JSON.stringify(record, null, 2)}\n`);
}

function urlOf({ releaseBucket }: Site, name: string): string {
  return `gs://${releaseBucket}/${name}`;
}

function at({ releaseBucket: bucket }: Site, name: string) {
  return { bucket, name };
}
