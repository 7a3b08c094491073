import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownBundle } from '../temporal/versions/own-bundle.ts';
import type { Case } from './cases.ts';
import type { Rehearsed } from './certificate.ts';
import { closeLane, keepLogs, openLane } from './lane.ts';
import type { LaneAt } from './lane.ts';
import { playCase } from './play.ts';

/** What is rehearsed, where, and who hears of it. */
export interface Rehearsal extends Pick<LaneAt, 'root' | 'config' | 'environment' | 'signal'> {
  readonly cases: readonly Case[];
  /** Scratch sandboxes side by side; they take the cases in turn. */
  readonly lanes: number;
  /** A folder of the rehearsal's own; goes with its end. */
  readonly scratch: string;
  /** Where the logs of failed cases stay. */
  readonly logs: string;
  /** The tree stands in a scratch sandbox. */
  readonly onReady: () => void;
  readonly onPlayed: (played: Rehearsed) => void;
}

/** Plays every case; answers them in their order. Nothing of the scratch sandboxes stays. */
export async function rehearse(asked: Rehearsal): Promise<Rehearsed[]> {
  const { cases, scratch, logs } = asked;
  await rm(logs, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const workflows = join(scratch, 'workflows.js');
  await writeFile(workflows, (await ownBundle(scratch)).code);
  const lanes = Array.from({ length: Math.min(asked.lanes, cases.length) }, (_, index) => {
    const { root, config, environment, signal } = asked;
    const folder = join(scratch, String(index + 1));
    return { root, config, environment, signal, workflows, folder };
  });
  const waiting = [...cases];
  const ends = await Promise.allSettled(lanes.map((at) => playLane(at, waiting, asked)));
  await Promise.all(lanes.map(closeLane));
  await rm(scratch, { recursive: true, force: true });
  const played = ends.flatMap((end) => (end.status === 'fulfilled' ? end.value : []));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  const place = (one: Rehearsed) => cases.findIndex(({ name }) => name === one.name);
  return played.sort((a, b) => place(a) - place(b));
}

/** Takes cases from those that wait until there are none. */
async function playLane(
  at: LaneAt,
  waiting: Case[],
  { logs, onReady, onPlayed }: Pick<Rehearsal, 'logs' | 'onReady' | 'onPlayed'>,
): Promise<Rehearsed[]> {
  const played: Rehearsed[] = [];
  let lane = await openLane(at);
  onReady();
  try {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const result = await playCase(lane, one);
      played.push(result);
      onPlayed(result);
      if (result.passed) continue;
      await keepLogs(at, join(logs, one.name.replaceAll(/\W+/g, '-')));
      if (waiting.length === 0) break;
      // What a failed case left behind must not fail the next.
      await lane.load.close();
      lane = await openLane(at);
    }
    return played;
  } finally {
    await lane.load.close();
  }
}
