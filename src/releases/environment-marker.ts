import { z } from 'zod';
import { Failure } from '../failure.ts';
import { changeObject } from '../gcp/change-object.ts';
import { removeObject } from '../gcp/object-changes.ts';
import { readObject } from '../gcp/objects.ts';
import type { Receipts } from '../receipts.ts';
import type { RunFacts } from '../run-facts.ts';
import type { Site } from '../site.ts';

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Says that a run has begun to change the environment and has not finished, nor been wound back. */
export const EnvironmentMarker = z.object({
  dirty: z.string().describe('the run that began'),
  kind: z.string(),
  actor: z.string(),
  since: z.iso.datetime(),
  step: z.string().describe('the newest step that began'),
  steps: z.array(z.string()).describe('every step that began'),
  facts: z.custom<RunFacts>(isRecord).optional(),
  receipts: z.custom<Receipts>(isRecord),
});
export type EnvironmentMarker = z.infer<typeof EnvironmentMarker>;

/** What a run says before a step touches anything. */
export interface Beginning {
  readonly runId: string;
  readonly kind: string;
  readonly actor: string;
  readonly step: string;
  readonly facts: RunFacts;
  readonly receipts: Receipts;
}

const patience = 10; // two steps run side by side, so one lost race is common and ten are not

/** The marker; undefined while the environment is clean. */
export async function readMarker(site: Site): Promise<EnvironmentMarker | undefined> {
  const content = await readObject(site.google, ref(site));
  return content && parsed(content);
}

function parsed(content: Buffer): EnvironmentMarker {
  return EnvironmentMarker.parse(JSON.parse(String(content)));
}

/** Writes, or adds to, the marker; receipts of an earlier run that never ended are kept. */
export async function markDirty(site: Site, beginning: Beginning): Promise<void> {
  await changeObject(site.google, ref(site), patience, (content) => {
    const marker = added(content && parsed(content), beginning);
    return Buffer.from(`${JSON.stringify(marker, null, 2)}\n`);
  });
}

/** The environment is clean again. */
export async function clearMarker(site: Site): Promise<void> {
  await removeObject(site.google, ref(site));
}

/**
 * Throws ENVIRONMENT_DIRTY when another run began to change the environment and never ended, unless
 * it is the one that this run `continues`.
 */
export async function refuseDirty(site: Site, runId: string, continues?: string): Promise<void> {
  const marker = await readMarker(site);
  if (!marker || marker.dirty === runId || marker.dirty === continues) return;
  const { dirty, kind, actor, since, step } = marker;
  throw new Failure({
    code: 'ENVIRONMENT_DIRTY',
    what: `${site.name} was left half-changed`,
    why: `the ${kind} ${dirty} of ${actor}, begun at ${since}, reached ${step} and neither finished nor was wound back`,
    fix: `Run \`${wayOn(site.name, kind)}\`, then this command again.`,
  });
}

/** The command that brings an environment in order which a run of this kind left half-changed. */
export function wayOn(environment: string, kind: string): string {
  if (kind === 'rollback') return `make ${environment}-rollback`;
  return `make ${environment}-recover${kind === 'recover' ? '' : ' ARGS=--reconcile'}`;
}

function added(before: EnvironmentMarker | undefined, now: Beginning): EnvironmentMarker {
  const { runId, kind, actor, step, facts, receipts } = now;
  const same = before?.dirty === runId;
  return {
    dirty: runId,
    kind,
    actor,
    since: before?.since ?? new Date().toISOString(),
    step,
    steps: [...new Set([...(before?.steps ?? []), step])],
    facts,
    receipts: same ? { ...before.receipts, ...receipts } : { ...receipts, ...before?.receipts },
  };
}

function ref(site: Site) {
  return { bucket: site.releaseBucket, name: 'environment.json' };
}
