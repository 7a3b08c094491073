import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { prepareNextRelease } from '../test/end-to-end/next-release.ts';
import { measure } from './measure.ts';
import type { Measured } from './measure.ts';
import { openProject } from './project.ts';

// Is a deploy slower than it was? This tree beside another commit of it, in pairs that alternate, so
// that whatever else the machine does hits both: `node bench/against.ts --commit 457c515 --pairs 3`.
const { values } = parseArgs({
  options: {
    commit: { type: 'string', default: '457c515' },
    pairs: { type: 'string', default: '3' },
  },
});

const here = resolve(import.meta.dirname, '..');
const folder = await mkdtemp(join(tmpdir(), 'windlass-against-'));
const there = join(folder, 'tree');
const ratios = new Map<string, number[]>();
const measures = ['seconds', 'cpuSeconds'] as const;
try {
  await checkOut();
  await pair(0); // caches fill
  for (let n = 1; n <= Number(values.pairs); n += 1)
    for (const [what, ratio] of await pair(n))
      ratios.set(what, [...(ratios.get(what) ?? []), ratio]);
  for (const [what, all] of ratios)
    say(`${what.padEnd(26)} this tree / ${values.commit}: ${all.map(two).join(', ')}`);
  for (const [what, all] of ratios) say(`${what.padEnd(26)} median ${two(median(all))}`);
} finally {
  await execa('git', ['worktree', 'remove', '--force', there], { cwd: here, reject: false });
  await rm(folder, { recursive: true, force: true });
}

async function checkOut(): Promise<void> {
  await chmod(folder, 0o755); // the database's own user must come in
  await execa('git', ['worktree', 'add', '--detach', there, values.commit], { cwd: here });
  await execa('make', ['setup'], { cwd: there });
}

/** Both trees, one after the other; who begins changes from pair to pair. */
async function pair(n: number): Promise<ReadonlyMap<string, number>> {
  const order = n % 2 === 0 ? [here, there] : [there, here];
  const seen: Record<string, readonly Measured[]> = {};
  for (const tree of order) {
    seen[tree] = await deploys(tree);
    for (const one of seen[tree]) tell(n, tree, one);
  }
  const [ours = [], theirs = []] = [seen[here], seen[there]];
  return new Map(
    ours.flatMap((one, at) =>
      measures.map((by) => [`${one.what}, ${by}`, one[by] / (theirs[at]?.[by] ?? 0)] as const),
    ),
  );
}

async function deploys(tree: string): Promise<readonly Measured[]> {
  const project = await openProject(tree);
  try {
    await project.windlass('sandbox', 'up');
    const args = ['deploy', '-e', 'production'];
    const first = await measure(project, 'first deploy', args);
    await prepareNextRelease(project);
    return [first, await measure(project, 'update', args)];
  } finally {
    await project.close();
  }
}

function tell(n: number, tree: string, { what, seconds, cpuSeconds, path }: Measured): void {
  const which = tree === here ? 'this tree' : values.commit;
  const round = n === 0 ? 'warm-up' : `pair ${n}`;
  const load = loadavg()[0]?.toFixed(1);
  say(
    `${round} ${which.padEnd(9)} ${what.padEnd(12)} ${seconds.toFixed(1)} s, CPU ${cpuSeconds.toFixed(1)} s, load ${load}`,
  );
  say(`  ${path}`);
}

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
}

function two(ratio: number): string {
  return ratio.toFixed(2);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
