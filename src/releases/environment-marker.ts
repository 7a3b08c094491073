import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { Receipts } from '../receipts.ts';
import type { RunFacts } from '../run-facts.ts';
import type { Site } from '../site.ts';
import { readStored } from '../stored-json.ts';

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Who may change the environment, and who asked for it; all words for people but `run` and `expirySeconds`. */
export const Holder = z.object({
  run: z.string().describe('the only run that may change the environment'),
  kind: z.string(),
  actor: z.string(),
  host: z.string().optional().describe('the machine that it was asked from'),
  release: z.string().optional(),
  since: z.iso.datetime(),
  expirySeconds: z.number().describe('whoever sees no renewal for so long may call it dead'),
});
export type Holder = z.infer<typeof Holder>;

/** The version of the object; 1 was a marker without a holder. */
export const markerVersion = 2;

/**
 * Says that a run has begun to change the environment and has not finished, nor been wound back; and
 * which run may go on with it. One that names no holder is of before there were leases.
 */
export const EnvironmentMarker = z.object({
  version: z.number().default(1),
  dirty: z.string().describe('the run that began'),
  kind: z.string(),
  actor: z.string(),
  since: z.iso.datetime(),
  step: z.string().describe('the newest step that began; empty where none did'),
  steps: z.array(z.string()).describe('every step that began'),
  facts: z.custom<RunFacts>(isRecord).optional(),
  receipts: z.custom<Receipts>(isRecord),
  lease: Holder.optional(),
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

/** The marker in the object's bytes; FORMAT_NEWER where a newer Windlass wrote it. */
export function parsedMarker(site: Pick<Site, 'name'>, content: Buffer): EnvironmentMarker {
  return readStored(content, {
    schema: EnvironmentMarker,
    what: `The lease of ${site.name}`,
    where: 'environment.json in the release bucket',
    newest: markerVersion,
  });
}

/** The marker with what a step says before it begins; receipts of a run that never ended are kept. */
export function withBeginning(
  before: EnvironmentMarker | undefined,
  now: Beginning,
): EnvironmentMarker {
  const { runId, kind, actor, step, facts, receipts } = now;
  const same = before?.dirty === runId;
  return {
    version: markerVersion,
    dirty: runId,
    kind,
    actor,
    since: before?.since ?? new Date().toISOString(),
    step,
    steps: [...new Set([...(before?.steps ?? []), step])],
    facts,
    receipts: same ? { ...before.receipts, ...receipts } : { ...receipts, ...before?.receipts },
    ...(before?.lease && { lease: before.lease }),
  };
}

/** What a run is told that meets a half-changed environment. */
export function dirty(environment: string, marker: EnvironmentMarker): Failure {
  const { dirty: run, kind, actor, since, step } = marker;
  return new Failure({
    code: 'ENVIRONMENT_DIRTY',
    what: `${environment} was left half-changed`,
    why: `the ${kind} ${run} of ${actor}, started at ${since}, reached ${step || 'no step yet'} and was neither finished nor rolled back`,
    fix: `Run \`${wayOn(environment, kind)}\`, then this command again.`,
  });
}

/** The command that brings an environment in order which a run of this kind left half-changed. */
export function wayOn(environment: string, kind: string): string {
  if (kind === 'destroy') return `bin/windlass destroy -e ${environment}`;
  if (kind === 'rollback') return `make ${environment}-rollback`;
  return `make ${environment}-recover${kind === 'recover' ? '' : ' ARGS=--reconcile'}`;
}
