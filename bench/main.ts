import { cpus, totalmem } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { prepareNextRelease } from '../test/end-to-end/next-release.ts';
import { controlSandbox } from '../src/sandbox-control.ts';
import { loseEverything } from './lose-everything.ts';
import { measure } from './measure.ts';
import type { Measured } from './measure.ts';
import { memoryOf } from './memory.ts';
import { overheadOf } from './overhead.ts';
import { openProject } from './project.ts';
import type { Project } from './project.ts';

// How long deploys take, on a sandbox of their own. `--profile cloud` waits as the clouds do;
// `--recovery` measures the first deploy and the recovery of everything alone, `--overhead` after a
// first deploy what the run's history and the worker take.
const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'zero' },
    keep: { type: 'boolean' },
    recovery: { type: 'boolean' },
    overhead: { type: 'boolean' },
  },
});
const restAfterMs = 5000; // what a run started has then ended

const project = await openProject();
try {
  say(`${new Date().toISOString()}, ${machine()}, profile ${values.profile}`);
  await project.windlass('sandbox', 'up');
  await setProfile(project, values.profile);
  if (values.overhead) await tellOverhead(project);
  else for await (const one of runs(project)) tell(one);
  await pause(restAfterMs);
  tellMemory(await memoryOf(project.home));
} finally {
  if (values.keep) say(`kept: ${project.root}`);
  else await project.close();
}

async function* runs(at: Project): AsyncGenerator<Measured> {
  const environment = ['-e', 'production'];
  yield await measure(at, 'first deploy', ['deploy', ...environment]);
  if (!values.recovery) yield* updates(at, environment);
  await at.windlass('backup', ...environment);
  await setProfile(at, 'zero'); // to lose it all takes no figure
  await loseEverything(at);
  await setProfile(at, values.profile);
  yield await measure(at, 'recovery of all', ['recover', ...environment, '--yes']);
}

async function* updates(at: Project, environment: readonly string[]): AsyncGenerator<Measured> {
  yield await measure(at, 'nothing to change', ['deploy', ...environment]);
  await at.edit('examples/wellness/meals/main.py', '"""Meals', '"""Changed meals');
  yield* thereAndBack(at, 'one service changed', environment);
  await prepareNextRelease(at);
  yield* thereAndBack(at, 'every step at work', environment);
}

/** A deploy and its rollback, and what the one takes of the other's time. */
async function* thereAndBack(
  at: Project,
  what: string,
  environment: readonly string[],
): AsyncGenerator<Measured> {
  const there = await measure(at, what, ['deploy', ...environment]);
  yield there;
  const back = await measure(at, 'rollback of that', ['rollback', ...environment]);
  yield back;
  say(`  takes ${((100 * back.seconds) / there.seconds).toFixed(0)} % of the deploy's time`);
}

async function setProfile(at: Project, name: string): Promise<void> {
  const asked = { method: 'PUT', body: { name } };
  const answer = await controlSandbox(at.home, '/profile', asked);
  if (!answer.ok) throw new Error(`profile ${name}: ${answer.status} ${await answer.text()}`);
}

function tell({ what, seconds, cpuSeconds, load, path }: Measured): void {
  const cpu = `CPU ${cpuSeconds.toFixed(1)} s`;
  say(`${what.padEnd(20)} ${seconds.toFixed(1).padStart(7)} s   ${cpu}   load ${load.toFixed(1)}`);
  say(`  critical path: ${path}`);
}

async function tellOverhead(at: Project): Promise<void> {
  tell(await measure(at, 'first deploy', ['deploy', '-e', 'production']));
  const { events, historyBytes, workerSeconds, workerMib } = await overheadOf(at);
  say(`history              ${events} events, ${Math.round(historyBytes / 1024)} KiB`);
  say(`worker               ready after ${workerSeconds.toFixed(1)} s, ${workerMib} MiB PSS`);
}

function tellMemory(sums: Readonly<Record<string, number>>): void {
  const whole = Object.values(sums).reduce((sum, one) => sum + one, 0);
  const parts = Object.entries(sums).map(([name, mib]) => `${name} ${mib}`);
  say(`idle memory          ${String(whole).padStart(7)} MiB PSS (${parts.join(', ')})`);
}

function machine(): string {
  const [cpu] = cpus();
  const gib = totalmem() / 2 ** 30;
  return `${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${gib.toFixed(0)} GiB`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
