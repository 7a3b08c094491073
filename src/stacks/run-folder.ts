import { join } from 'node:path';
import { runState } from '../terraform/run-state.ts';
import { reconcile } from './reconcile.ts';
import type { Mendable } from './reconcile.ts';

/** What a piece of work may already have tried on this machine. */
export interface RunFolder {
  /** The folder to use now: of the run that still goes on, else a fresh one. */
  readonly folder: string;
  /** Runs of the same work that were begun and have ended or were lost. */
  readonly earlier: number;
}

/**
 * Chooses the run folder of a terraform command, so that a later attempt adopts a running one. A
 * run that was lost is never begun again: what it left is put in order, and the next folder taken.
 */
export async function runFolder(
  stack: Mendable & { readonly runs: string },
  command: string,
): Promise<RunFolder> {
  for (let earlier = 0; ; earlier += 1) {
    const folder = join(stack.runs, `${command}-${earlier + 1}`);
    const state = await runState(folder);
    if (state === 'none' || state === 'running') return { folder, earlier };
    if (state === 'lost') await reconcile(stack);
  }
}
