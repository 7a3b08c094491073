import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleWorkflows } from '../../src/temporal/bundle-workflows.ts';
import { clockPlays, diskPlays, otherPlays, shortPlays, workerPlays } from './matrix.ts';
import type { Lengths } from './matrix.ts';
import { play } from './play.ts';
import { keyOf, readPlayed } from './played.ts';
import type { Play, Played } from './play.ts';
import { openStanding } from './standing.ts';
import type { Ground } from './standing.ts';
import { lineOf, reportOf } from './table.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    lanes: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '600' },
    only: { type: 'string' },
    lengths: { type: 'string' },
    results: { type: 'string', default: '.windlass/crashes' },
    'go-on': { type: 'boolean', default: false },
  },
});
const until = Date.now() + Number(values.minutes) * 60_000;
mkdirSync(values.results, { recursive: true });
const scratch = await mkdtemp(join(tmpdir(), 'wl-crashes-'));
const bundle = join(scratch, 'workflows.js');
const kept = join(values.results, 'played.json');
// A matrix that was cut off goes on: what it has played is not played again.
const played: Played[] = values['go-on'] ? [...readPlayed(kept)] : [];
const before = new Set(played.map(({ run, struck }) => keyOf(run, struck)));
const began = Date.now();

try {
  await bundleWorkflows(bundle);
  const lengths = values.lengths ? given(values.lengths) : await measure();
  process.stdout.write(`events: ${JSON.stringify(lengths)}\n`);
  if (values.short) await inLanes([{ plays: shortPlays(lengths) }]);
  else await inLanes(parts(lengths));
} finally {
  await rm(scratch, { recursive: true, force: true });
}
const report = reportOf(played, { seconds: (Date.now() - began) / 1000, load: loadavg()[0] ?? 0 });
writeFileSync(join(values.results, 'report.md'), report.text);
process.stdout.write(`${report.text}\n`);
process.exitCode = report.bad > 0 ? 1 : 0;

/** `deploy,wind back`, as an earlier matrix measured them. */
function given(text: string): Lengths {
  const [deploy = 0, back = 0] = text.split(',').map(Number);
  return { deploy, 'wind back': back };
}

function seconds(): number {
  return Math.round((Date.now() - began) / 1000);
}

type Standing = Awaited<ReturnType<typeof openStanding>>;

/** Plays that share a lane of their own sort. */
interface Part {
  readonly plays: readonly Play[];
  readonly on?: Ground;
}

function parts(lengths: Lengths): readonly Part[] {
  const all = [
    ['worker', workerPlays(lengths)],
    ['other', otherPlays(lengths)],
    ['clock', clockPlays(lengths), 'other clock'],
    ['disk', diskPlays(lengths), 'small disk'],
  ] as const;
  return all
    .filter(([name]) => values.only === undefined || values.only.split(',').includes(name))
    .map(([, plays, on]) => ({ plays: plays.filter(isNew), ...(on && { on }) }));
}

function isNew({ run, points }: Play): boolean {
  return !before.has(keyOf(run, points));
}

/** How long both runs are that nobody disturbs; they must end well themselves. */
async function measure(): Promise<Lengths> {
  const lane = await openStanding(bundle);
  try {
    process.stdout.write(`the first release stands after ${seconds()} s\n`);
    const back = await play(lane.lane, { run: 'wind back', points: [] }, lane.next());
    const forth = await play(lane.lane, { run: 'deploy', points: [] }, lane.next());
    if (back.outcome !== 'rolled back')
      throw new Error(`undisturbed: ${back.problems.join()}\n${back.said}`);
    if (forth.outcome !== 'succeeded')
      throw new Error(`undisturbed: ${forth.problems.join()}\n${forth.said}`);
    return { deploy: forth.events, 'wind back': back.events };
  } finally {
    await lane.lane.close();
  }
}

async function inLanes(all: readonly Part[]): Promise<void> {
  const lanes = Number(values.lanes);
  for (const part of all) {
    const waiting = [...part.plays];
    const work = Array.from({ length: Math.min(lanes, waiting.length) }, () =>
      inLane(part, waiting),
    );
    await Promise.all(work);
  }
}

async function inLane({ on }: Part, waiting: Play[]): Promise<void> {
  let standing: Standing | undefined;
  for (let next = waiting.shift(); next && Date.now() < until; next = waiting.shift()) {
    standing ??= await openStanding(bundle, on);
    const one = await playIn(standing, next);
    played.push(one);
    writeFileSync(kept, JSON.stringify(played, undefined, 1));
    process.stdout.write(`${lineOf(one)}\n`);
    if (one.outcome === 'succeeded') standing.stands();
    if (one.outcome !== 'bad') continue;
    keep(one);
    await standing.close(); // nobody knows what stands there
    standing = undefined;
  }
  await standing?.close();
}

async function playIn({ lane, next }: Standing, one: Play): Promise<Played> {
  try {
    return await play(lane, one, next());
  } catch (error) {
    return broken(one, error);
  }
}

function keep(one: Played): void {
  const file = join(values.results, `bad-${played.length}.log`);
  writeFileSync(
    file,
    `${JSON.stringify({ ...one, said: undefined }, undefined, 1)}\n${one.said}\n`,
  );
  appendFileSync(join(values.results, 'bad.txt'), `${file}: ${lineOf(one)}\n`);
}

function broken({ run: kind, points }: Play, error: unknown): Played {
  const struck = points.map((point) => ({ ...point, hit: true, activities: [] }));
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const rest = { typed: [], events: 0, seconds: 0, said };
  return { run: kind, struck, outcome: 'bad', problems: [`the play broke: ${said}`], ...rest };
}
