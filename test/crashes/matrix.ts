import type { Play, Point } from './play.ts';
import type { Kind } from './strikes.ts';

/** How many events the history of an undisturbed run has. */
export interface Lengths {
  readonly deploy: number;
  readonly 'wind back': number;
}

const workerKillsPerRun = 8;
const othersPerRun = 4;
const smokeEndsAt = 0.65; // of a deploy's events
const firstEvent = 3; // before it nothing of the run has begun

/** Points at each of these kinds, spread over both runs. */
const others: readonly (readonly [Kind, number])[] = [
  ['terraform', 6],
  ['supervisor', 6],
  ['terraform and supervisor', 6],
  ['temporal', 8],
  ['sandbox', 8],
  ['postgres', 8],
  ['postgrest', 4],
  ['command line', 8],
  ['everything', 8],
  ['stopped worker', 4],
  ['stopped terraform', 2],
  ['stopped sandbox', 2],
  ['stopped temporal', 2],
];

/**
 * A worker killed at every event: of the way forth and back, and of what a deploy does after its smoke
 * test; up to there both are the same. Each run is killed several times, far apart.
 */
export function workerPlays(lengths: Lengths): readonly Play[] {
  const past = Math.round(lengths.deploy * smokeEndsAt);
  return [...killed('wind back', lengths, firstEvent), ...killed('deploy', lengths, past)];
}

function killed(run: Play['run'], lengths: Lengths, from: number): readonly Play[] {
  const events = range(from, lengths[run] - 1);
  const runs = Math.ceil(events.length / workerKillsPerRun);
  return range(0, runs - 1).map((first) => ({
    run,
    points: events
      .filter((_, index) => index % runs === first)
      .map((event): Point => ({ event, kind: 'worker' })),
  }));
}

/**
 * Every other kind, several in a run: the kinds take turns, so that each meets another part of a run,
 * and the moments move on from run to run.
 */
export function otherPlays(lengths: Lengths): readonly Play[] {
  const kinds = inTurns(others);
  const runs = Math.ceil(kinds.length / othersPerRun);
  return range(0, runs - 1).map((index) => {
    const run = index % 3 === 2 ? 'deploy' : 'wind back';
    const span = lengths[run] - 10;
    const mine = kinds.filter((_, at) => at % runs === index);
    const points = mine.map((kind, at): Point => {
      const part = (at + (index + 1) / (runs + 1)) / mine.length;
      return { event: 5 + Math.round(span * part), kind };
    });
    return { run, points };
  });
}

/** Each kind as often as it counts, one of each after the other. */
function inTurns(counted: readonly (readonly [Kind, number])[]): readonly Kind[] {
  const most = Math.max(...counted.map(([, count]) => count));
  return range(1, most).flatMap((round) =>
    counted.flatMap(([kind, count]) => (count >= round ? [kind] : [])),
  );
}

/** A full disk at moments of both runs. */
export function diskPlays(lengths: Lengths): readonly Play[] {
  return spread(lengths, 'full disk', 6);
}

/** The clock of worker and command line leaps, forward and back. */
export function clockPlays(lengths: Lengths): readonly Play[] {
  return [...spread(lengths, 'clock forward', 4), ...spread(lengths, 'clock back', 4)];
}

/** The short form: the worker at some events of each run, and every other kind once. */
export function shortPlays(lengths: Lengths): readonly Play[] {
  const events = (run: Play['run'], ...parts: readonly number[]): readonly number[] =>
    parts.map((part) => Math.round(lengths[run] * part));
  const worker = (event: number): Point => ({ event, kind: 'worker' });
  const [early = 8, late = 40] = events('wind back', 0.3, 0.8);
  return [
    { run: 'wind back', points: events('wind back', 0.15, 0.4, 0.6, 0.75, 0.9).map(worker) },
    {
      run: 'deploy',
      points: [
        { event: early, kind: 'postgres' },
        { event: late, kind: 'temporal' },
      ],
    },
    {
      run: 'wind back',
      points: [
        { event: early, kind: 'terraform and supervisor' },
        { event: late, kind: 'everything' },
      ],
    },
  ];
}

function spread(lengths: Lengths, kind: Kind, count: number): readonly Play[] {
  return range(0, count - 1).map((index) => {
    const run = index % 2 === 0 ? 'wind back' : 'deploy';
    const event = 8 + Math.round(((lengths[run] - 12) * (index + 1)) / (count + 1));
    return { run, points: [{ event, kind }] };
  });
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
