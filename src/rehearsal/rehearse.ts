import { join } from 'node:path';
import type { Case } from './cases.ts';
import type { Rehearsed } from './certificate.ts';
import { closeLane, keepLogs, openLane } from './lane.ts';
import type { LaneAt } from './lane.ts';
import { playCase } from './play.ts';

/** How a rehearsal goes on. */
export interface Rehearsal {
  readonly cases: readonly Case[];
  /** Scratch sandboxes side by side; they take the cases in turn. */
  readonly lanes: readonly LaneAt[];
  /** Where the logs of failed cases stay. */
  readonly logs: string;
  readonly onPlayed: (played: Rehearsed) => void;
  /** The tree stands in a scratch sandbox, after so many seconds. */
  readonly onReady: (seconds: number) => void;
}

/** Plays every case; answers them in their order. Nothing of the scratch sandboxes stays. */
export async function rehearse(asked: Rehearsal): Promise<Rehearsed[]> {
  const { cases, lanes, logs, onPlayed, onReady } = asked;
  const began = Date.now();
  const waiting = [...cases];
  const played: Rehearsed[] = [];
  const play = async (at: LaneAt): Promise<void> => {
    let lane = await openLane(at);
    onReady(Math.round((Date.now() - began) / 1000));
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const result = await playCase(lane.stage, one, lane.service);
      if (!result.passed) await keepLogs(at, join(logs, one.name.replaceAll(/\W+/g, '-')));
      played.push(result);
      onPlayed(result);
      // What a failed case left behind must not fail the next.
      if (!result.passed && waiting.length > 0) lane = await openLane(at);
    }
  };
  const ends = await Promise.allSettled(lanes.map(play));
  await Promise.all(lanes.map(closeLane));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  const place = (one: Rehearsed) => cases.findIndex(({ name }) => name === one.name);
  return played.sort((a, b) => place(a) - place(b));
}
