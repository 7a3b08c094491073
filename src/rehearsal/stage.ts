import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { siteOf } from '../endpoints.ts';
import { Failure } from '../failure.ts';
import { worldFingerprint } from '../fingerprint/world.ts';
import { plantedVariable } from './planted.ts';
import type { Planted } from './planted.ts';

/** What a command in the scratch sandbox said. */
export interface Said {
  readonly exitCode: number;
  readonly text: string;
}

/** A sandbox of its own, with Temporal and a worker of its own, that a rehearsal may break. */
export function openStage(root: string, home: string, environment: string) {
  const file = join(home, 'planted.json');
  const env = {
    ...outerVariables(),
    WINDLASS_ROOT: root,
    WINDLASS_HOME: home,
    WINDLASS_TASK_QUEUE: 'rehearsal',
    WINDLASS_ACTOR: 'rehearsal',
    [plantedVariable]: file,
    NO_COLOR: '1',
  };
  const main = join(import.meta.dirname, '..', 'cli', 'main.ts');
  const call = async (...args: readonly string[]): Promise<Said> => {
    const options = { env, extendEnv: false, reject: false, all: true } as const;
    const { exitCode = -1, all } = await execa(process.execPath, [main, ...args], options);
    return { exitCode, text: all };
  };
  return {
    /** Runs a command on the environment. */
    windlass: (...args: readonly string[]) => call(...args, '-e', environment),
    /** Runs a command that must succeed. */
    must: async (...args: readonly string[]): Promise<void> => {
      const { exitCode, text } = await call(...args, '-e', environment);
      if (exitCode !== 0) throw notReady(args, text);
    },
    plant: async (planted: readonly Planted[]): Promise<void> => {
      await writeFile(file, JSON.stringify(planted));
      await rm(`${file}.struck`, { force: true });
    },
    /** How many planted failures struck since. */
    struck: async (): Promise<number> => {
      const text = await readFile(`${file}.struck`, 'utf8').catch(() => '');
      return text.split('\n').filter((line) => line !== '').length;
    },
    fingerprint: async () => worldFingerprint(await siteOf({ root, home }, environment)),
    close: () => call('sandbox', 'down'),
  };
}

export type RehearsalStage = ReturnType<typeof openStage>;

/** Our own environment without what would lead to the real Temporal. */
function outerVariables(): Readonly<Record<string, string>> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return Object.fromEntries(
    kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function notReady(args: readonly string[], text: string): Failure {
  return new Failure({
    code: 'REHEARSAL_FAILED',
    what: `The scratch sandbox could not be made ready (\`${args.join(' ')}\`)`,
    why: text.split('\n').slice(-12).join('\n'),
    fix: 'A deploy of this tree fails without any planted failure: mend that first.',
  });
}
