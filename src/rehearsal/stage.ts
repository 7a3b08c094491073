import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { siteOf } from '../endpoints.ts';
import { cacheVariable } from '../images/local-builds.ts';
import { projectPlace } from '../place.ts';
import { programModule } from '../program-files.ts';
import { worldFingerprint } from '../fingerprint/world.ts';
import { requireDatabase } from '../site-database.ts';
import { controlSandbox } from '../sandbox-control.ts';
import { plantedVariable, struckFile, struckNames } from './planted.ts';
import type { Planted } from './planted.ts';
import { killTerraform } from './power-cut.ts';
import type { RehearsedStep } from './steps.ts';

/** What a command in the scratch sandbox said. */
export interface Said {
  readonly exitCode: number;
  readonly answer: string;
  readonly talk: string;
}

/** Where a rehearsal may break things, and the signal that ends it early. */
export interface StageAt {
  readonly root: string;
  readonly home: string;
  readonly environment: string;
  /** The workflows as one file, for workers that start often. */
  readonly workflows: string;
  readonly signal: AbortSignal;
}

/** A sandbox of its own, with Temporal and a worker of its own, that a rehearsal may break. */
export function openStage({ root, home, environment, workflows, signal }: StageAt) {
  const file = join(home, 'planted.json');
  const env = surroundings({ root, home, file, workflows });
  const main = programModule('src/cli/main');
  const call = async (args: readonly string[], cancelSignal?: AbortSignal): Promise<Said> => {
    const { exitCode = -1, ...said } = await execa(process.execPath, [main, ...args], {
      ...{ env, extendEnv: false, reject: false, detached: true, cleanup: true },
      ...(cancelSignal && { cancelSignal }),
    });
    signal.throwIfAborted();
    return { exitCode, answer: said.stdout, talk: said.stderr };
  };
  const up = () => call(['sandbox', 'up'], signal);
  return {
    up,
    /** Runs a command on the environment. */
    windlass: (...args: readonly string[]) => call([...args, '-e', environment], signal),
    plant: async (planted: readonly Planted[]): Promise<void> => {
      await writeFile(file, JSON.stringify(planted));
      await rm(struckFile(file), { force: true });
    },
    /** Names of the planted failures that struck since. */
    struck: () => struckNames(file),
    refuse: (refusal: RehearsedStep['refusal'], service: string) =>
      refusal
        ? control(home, `/${refusal.fault}`, {
            method: 'PUT',
            body: { ...refusal.options, service },
          })
        : control(home, '', { method: 'DELETE' }),
    database: async () => requireDatabase(await siteOf({ root, home }, environment)),
    fingerprint: async () => worldFingerprint(await siteOf({ root, home }, environment)),
    close: async (): Promise<void> => {
      await killTerraform(home);
      await execa(process.execPath, [main, 'sandbox', 'down'], {
        env,
        extendEnv: false,
        detached: true,
      });
      await killTerraform(home); // what the worker began before it went
    },
  };
}

export type Stage = ReturnType<typeof openStage>;

/** Our own environment without what would lead to the real Temporal. */
function surroundings(at: Pick<StageAt, 'root' | 'home' | 'workflows'> & { file: string }) {
  const { root, home, file, workflows } = at;
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return {
    ...Object.fromEntries(kept),
    WINDLASS_ROOT: root,
    WINDLASS_HOME: home,
    WINDLASS_TASK_QUEUE: 'rehearsal',
    WINDLASS_WORKER: 'own',
    [cacheVariable]: process.env[cacheVariable] ?? join(projectPlace().home, 'builds'),
    WINDLASS_WORKFLOW_BUNDLE: workflows,
    WINDLASS_ACTOR: 'rehearsal',
    [plantedVariable]: file,
    NO_COLOR: '1',
  };
}

async function control(
  home: string,
  path: string,
  asked: { readonly method: string; readonly body?: object },
): Promise<void> {
  z.literal(true).parse((await controlSandbox(home, `/faults${path}`, asked)).ok);
}
