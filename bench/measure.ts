import { loadavg } from 'node:os';
import { z } from 'zod';
import { criticalPath, pathText } from './critical-path.ts';
import type { TimedStep } from './critical-path.ts';
import { cpuSoFar } from './processes.ts';
import type { Project } from './project.ts';

/** One measured run; `load` is the machine's of the last minute when it began. */
export interface Measured {
  readonly what: string;
  readonly seconds: number;
  /** Of CPU, user and system, of all processes: other work beside it moves it little. */
  readonly cpuSeconds: number;
  readonly load: number;
  readonly path: string;
}

const Report = z.object({
  steps: z.array(
    z.object({
      id: z.string(),
      startedAt: z.number().optional(),
      endedAt: z.number().optional(),
    }),
  ),
});

/** Runs a command of the command line and measures it from the outside. */
export async function measure(
  project: Project,
  what: string,
  args: readonly string[],
): Promise<Measured> {
  const [load = 0] = loadavg();
  const before = await cpuSoFar(project.home);
  const begun = performance.now();
  const output = await project.windlass(...args, '--json');
  const seconds = (performance.now() - begun) / 1000;
  const cpuSeconds = (await cpuSoFar(project.home)) - before;
  const { steps } = Report.parse(JSON.parse(output));
  const timed = steps.flatMap(({ id, startedAt, endedAt }): readonly TimedStep[] =>
    startedAt === undefined || endedAt === undefined ? [] : [{ id, startedAt, endedAt }],
  );
  return { what, seconds, cpuSeconds, load, path: pathText(criticalPath(timed)) };
}
