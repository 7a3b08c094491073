import { z } from 'zod';
import { stackNames } from '../deploy.ts';
import { canonical } from '../canonical.ts';
import { sha256 } from './archive.ts';
import { WrittenTree } from './tree-facts.ts';

const Stored = z.object({ object: z.string(), sha256: z.string() });
const Share = z.object({
  revision: z.string(),
  percent: z.number(),
  tag: z.string().optional(),
});

const Mark = z.object({
  stack: z.enum(stackNames),
  generation: z.string().nullable(),
});

/** What one run did to the environment. */
export const LedgerEntry = z.object({
  number: z.int(),
  at: z.iso.datetime(),
  runId: z.string(),
  kind: z.enum(['deploy', 'rollback', 'recover', 'reconcile', 'drill', 'migrate-v1', 'destroy']),
  actor: z.string(),
  approvedBy: z.string().optional(),
  outcome: z.string(),
  release: Stored.extend({ id: z.string() }).optional(),
  /** What the release was made from; absent where nobody said. */
  tree: WrittenTree.optional(),
  planDigest: z.string().optional(),
  backup: Stored.optional(),
  secretVersions: z.record(z.string(), z.string()).default({}),
  revisions: z.record(z.string(), z.string().nullable()).default({}),
  traffic: z.record(z.string(), z.array(Share)).default({}),
  /** Digest of each revision's file that was applied, by `SERVICE/REVISION`. */
  migrations: z.record(z.string(), z.string()).optional(),
  /** Points of no return that were accepted by name. */
  accepted: z.array(z.string()).optional(),
  /** Seconds that each step took; the estimate of later undos comes from here. */
  seconds: z.record(z.string(), z.number()).optional(),
  drill: z
    .object({
      backup: z.string(),
      rpoSeconds: z.number(),
      rtoSeconds: z.number(),
      proven: z.boolean(),
      failure: z.string().optional(),
      left: z.array(z.string()),
    })
    .optional(),
  failedStep: z.string().optional(),
  failure: z.string().optional(),
  left: z.array(z.string()).readonly().default([]),
  /** What stays though the run wound back, in words. */
  kept: z.array(z.string()).readonly().optional(),
  /** What became of the undo of each step that was begun; none where the run succeeded. */
  undo: z.record(z.string(), z.string()).optional(),
  /** Generation of each stack's state when the plan was made, and at the end. */
  statesBefore: z.array(Mark).readonly().optional(),
  states: z.array(Mark).readonly().optional(),
  /** Who started, approved, stopped or decided, how that was checked, and why. */
  acts: z
    .array(
      z.object({
        act: z.string(),
        by: z.string(),
        how: z.string(),
        checked: z.string().optional(),
        step: z.string().optional(),
        reason: z.string().optional(),
        accepted: z.array(z.string()).readonly().optional(),
        note: z.string().optional(),
      }),
    )
    .readonly()
    .optional(),
  /** Live tables that its migrations locked, how and for about how long on the copy. */
  locks: z.array(z.string()).readonly().optional(),
  /** Revision of every schema before the run touched it. */
  revisionsBefore: z.record(z.string(), z.string().nullable()).optional(),
  /** Hash of the entry before; 64 zeros for the first. */
  previous: z.string(),
  hash: z.string(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;
export type LedgerDraft = Omit<LedgerEntry, 'number' | 'previous' | 'hash'>;

/** What the first entry names as the hash before it. */
export const beginning = '0'.repeat(64);

/** The hash that an entry must carry: over everything in it but the hash, keys in order. */
export function hashOf(entry: object): string {
  return sha256(canonical(entry));
}
