import { setTimeout as pause } from 'node:timers/promises';
import { held } from '../../src/held.ts';
import { historyOf } from './history.ts';
import type { Standing } from './history.ts';
import { pictureOf, residueOf } from './judge.ts';
import type { Command, Lane } from './lane.ts';
import { strikes } from './strikes.ts';
import type { Kind } from './strikes.ts';
import type { Tree } from './tree.ts';

/** One moment of a run at which something is struck. */
export interface Point {
  /** How many events the run's history has by then. */
  readonly event: number;
  readonly kind: Kind;
}

/** A run and what is done to it; `deploy` is to succeed, `wind back` fails in its smoke test. */
export interface Play {
  readonly run: 'deploy' | 'wind back';
  readonly points: readonly Point[];
}

/** What became of one point. */
export interface Struck extends Point {
  /** False: the run had ended, or what was meant was not there; such a point does not count. */
  readonly hit: boolean;
  readonly activities: readonly string[];
  /** Milliseconds from the strike until the run got on. */
  readonly resumedMs?: number;
}

/** How a play ended, and what was wrong with that. */
export interface Played {
  readonly run: Play['run'];
  readonly struck: readonly Struck[];
  readonly outcome: 'succeeded' | 'rolled back' | 'parked' | 'nothing changed' | 'bad';
  /** What was typed after the first command, as the screen had said. */
  readonly typed: readonly string[];
  readonly problems: readonly string[];
  readonly events: number;
  readonly seconds: number;
  readonly said: string;
}

const limitMs = 900_000;

/** Plays a run with its points in a lane, then judges what is left of it. */
export async function play(lane: Lane, { run, points }: Play, next: Tree): Promise<Played> {
  const began = Date.now();
  const before = await pictureOf(lane);
  await lane.write(next);
  if (run === 'wind back') await lane.plantFailure();
  const history = historyOf(lane);
  const last = await newest(history);
  const over = new AbortController();
  const late = setTimeout(() => over.abort(), limitMs);
  const told: Told = { commands: [lane.start('deploy', '-e', 'production')], typed: [] };
  const struck: Struck[] = [];
  for (const point of points)
    struck.push(await strike({ lane, history, last, told, over: over.signal }, point));
  const exitCode = await toItsEnd(lane, told, over.signal);
  clearTimeout(late);
  const standing = await settled(lane, history);
  await history.close();
  await lane.mend();
  const said = told.commands.map((one) => one.said()).join('\n--\n');
  const { outcome, problems } = await judged(lane, { run, exitCode, before, standing });
  const parked = told.typed.some((words) => words.includes('undo retry'));
  return {
    ...{ run, struck, problems, said },
    outcome: parked && outcome !== 'bad' ? 'parked' : outcome,
    typed: told.typed,
    events: standing?.events ?? 0,
    seconds: Math.round((Date.now() - began) / 1000),
  };
}

/** The run before this one; Temporal answers by now, or does soon. */
async function newest(history: ReturnType<typeof historyOf>): Promise<string> {
  for (;;) {
    const found = await history.look();
    if (found) return found.runId;
    await pause(200);
  }
}

interface Told {
  readonly commands: Command[];
  readonly typed: string[];
}

interface Stage {
  readonly lane: Lane;
  readonly history: ReturnType<typeof historyOf>;
  readonly last: string | undefined;
  readonly told: Told;
  readonly over: AbortSignal;
}

async function strike(stage: Stage, point: Point): Promise<Struck> {
  const { lane, history, last, told, over } = stage;
  const reached = ({ events }: Standing): boolean => events >= point.event;
  let gone = false;
  void held(Promise.resolve(told.commands.at(-1)?.ended).finally(() => (gone = true)));
  const at = await history.until(last, reached, () => over.aborted || gone);
  if (!at?.open) return { ...point, hit: false, activities: [] };
  const command = told.commands.at(-1);
  const hit = command !== undefined && (await strikes[point.kind](lane, command));
  const { activities } = at;
  if (!hit) return { ...point, hit, activities };
  const struckAt = performance.now();
  const then = (await history.look()) ?? at; // what was under way then has arrived
  if (killsCommand.has(point.kind)) {
    await command.ended;
    watchOn(lane, told);
  }
  let ended = false;
  void held(Promise.resolve(told.commands.at(-1)?.ended).finally(() => (ended = true)));
  const on = await history.until(
    last,
    ({ events, attempts }) => events > then.events || attempts > then.attempts,
    () => over.aborted || ended,
  );
  const resumedMs = Math.round(performance.now() - struckAt);
  return { ...point, hit, activities, ...(on && { resumedMs }) };
}

const killsCommand: ReadonlySet<Kind> = new Set(['command line', 'everything']);

/** What somebody types whose command line is gone. */
function watchOn(lane: Lane, { commands, typed }: Told): void {
  typed.push('windlass status -e production --watch');
  commands.push(lane.start('status', '-e', 'production', '--watch'));
}

/** Types what the screen says until the run has ended; the last exit code. */
async function toItsEnd(lane: Lane, told: Told, over: AbortSignal): Promise<number> {
  const late = new Promise<undefined>((resolve) => {
    over.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  for (let tries = 0; tries < 6; tries += 1) {
    const command = told.commands.at(-1);
    const ended = await Promise.race([command?.ended, late]);
    if (ended === undefined) return -2;
    const { exitCode, said } = ended;
    const stuck = /undo retry (\S+)/.exec(said)?.[1];
    if (exitCode === 5 && stuck !== undefined) {
      told.typed.push(`windlass undo retry ${stuck} -e production`);
      await lane.windlass('undo', 'retry', stuck, '-e', 'production');
      watchOn(lane, told);
    } else if (/status (-e production )?--watch/.test(said) && [1, 5].includes(exitCode)) {
      watchOn(lane, told);
    } else return exitCode;
  }
  return -3;
}

/** Waits a moment for what ends right after the run: the last activity's files, a sweep. */
async function settled(lane: Lane, history: ReturnType<typeof historyOf>) {
  for (let tries = 0; tries < 25; tries += 1) {
    const residue = await residueOf(lane).catch(() => ['?']);
    if (residue.length === 0) break;
    await pause(200);
  }
  return history.look();
}

async function judged(
  lane: Lane,
  seen: {
    readonly run: Play['run'];
    readonly exitCode: number;
    readonly before: Awaited<ReturnType<typeof pictureOf>>;
    readonly standing: Standing | undefined;
  },
): Promise<Pick<Played, 'outcome' | 'problems'>> {
  const { exitCode, before } = seen;
  const problems = [...(await residueOf(lane))];
  const after = await pictureOf(lane);
  const same = after.lines.join('\n') === before.lines.join('\n');
  const added = after.entries - before.entries;
  if (seen.standing?.open !== false) problems.push('the run has not ended');
  if (exitCode === 0) {
    const plan = await lane.windlass('plan', '-e', 'production');
    if (!plan.said.includes('nothing to change')) problems.push(`a plan after it: ${plan.said}`);
    if (added !== 1) problems.push(`${added} ledger entries`);
    return { outcome: problems.length > 0 ? 'bad' : 'succeeded', problems };
  }
  if (!same) problems.push(...difference(before.lines, after.lines));
  if (exitCode === 4 && added !== 1) problems.push(`${added} ledger entries`);
  if (exitCode === 3 && added !== 0)
    problems.push(`${added} ledger entries, though nothing touched`);
  if (exitCode !== 3 && exitCode !== 4) problems.push(`exit code ${exitCode}`);
  const fine = exitCode === 3 ? 'nothing changed' : 'rolled back';
  return { outcome: problems.length > 0 ? 'bad' : fine, problems };
}

function difference(before: readonly string[], after: readonly string[]): readonly string[] {
  const lost = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  const more = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  return [...lost, ...more].map((line) => line.slice(0, 300));
}
