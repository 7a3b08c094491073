import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { asKnown } from '../causes/known-failure.ts';
import { readConfig } from '../config/read-config.ts';
import type { Place } from '../endpoints.ts';
import { failureText } from '../failure.ts';
import type { FailureText } from '../failure.ts';
import { Failure } from '../failure.ts';
import { isAlive } from '../terraform/process-identity.ts';
import { say } from './output/say.ts';
import { sandboxUp } from './sandbox-process.ts';

const mostTries = 5;
const programs = ['server', 'temporal'] as const;

/** Watches over the sandbox of this machine while somebody waits for a run. */
export interface SandboxWatch {
  /** Starts again what of it has died; a Failure once that is vain. */
  readonly look: () => Promise<void>;
}

/** The sandbox of a home: its processes, as far as they were started and nobody stopped them. */
export function watchSandbox(place: Place): SandboxWatch {
  let tries = 0;
  const look = async (): Promise<void> => {
    try {
      await reviveSandbox(place);
      tries = 0;
    } catch (error) {
      tries += 1;
      const failure = failureText(asKnown(error));
      if (tries >= mostTries) throw inVain(failure);
      say(`${failure.what} [${failure.code}]; trying again`);
    }
  };
  return { look };
}

/** Starts again what of the sandbox has died without being stopped; nothing where none ever ran. */
export async function reviveSandbox(place: Place): Promise<void> {
  const dead = await deadPrograms(place);
  if (dead.length === 0) return;
  const names = dead.map((name) => (name === 'server' ? 'the sandbox' : 'Temporal'));
  say(`${names.join(' and ')} had stopped; restarting …`);
  await sandboxUp(place, await readConfig(place.root));
}

/** Those whose record is there and whose process is not: `sandbox down` takes the record away. */
async function deadPrograms({ home }: Place): Promise<readonly string[]> {
  const looked = programs.map(async (name) => {
    const record = await recorded(join(home, 'run', `${name}.json`));
    return record && !(await isAlive(record)) ? [name] : [];
  });
  return (await Promise.all(looked)).flat();
}

const Recorded = z.object({ pid: z.int(), mark: z.string() });

async function recorded(file: string) {
  try {
    const { pid, mark } = Recorded.parse(JSON.parse(await readFile(file, 'utf8')));
    return { pid, started: mark };
  } catch {
    return undefined;
  }
}

function inVain({ what, why, fix }: FailureText): Failure {
  return new Failure({
    code: 'SANDBOX_ENDS',
    what: `The sandbox keeps stopping, so the run is paused: ${what}`,
    ...{
      why,
      fix: `${fix} Then \`windlass status -e ENVIRONMENT --watch\` starts it, and the run continues.`,
    },
  });
}
