import { readCrash } from '../causes/crash-record.ts';
import type { CrashRecord } from '../causes/crash-record.ts';
import type { Place } from '../endpoints.ts';
import { Failure } from '../failure.ts';
import { say } from './output/say.ts';
import { reviveWorker } from './worker-process.ts';

// Of a worker that says nothing (killed from outside, or out of memory), while the run does not get on.
const mostDeaths = 10;

/** Watches over the worker of this machine while somebody waits for a run. */
export interface WorkerWatch {
  /** Says what went wrong in it, and starts another one where it ended; a Failure once that is vain. */
  readonly look: () => Promise<void>;
  /** The run got on: the deaths before were not in vain. */
  readonly progressed: () => void;
}

/** What a worker said before this moment is of another run. */
export function watchWorker(place: Place): WorkerWatch {
  const since = new Date().toISOString();
  let told: CrashRecord | undefined;
  let lastDeath: CrashRecord | undefined;
  let deaths = 0;
  const fresh = async (): Promise<CrashRecord | undefined> => {
    const crash = await readCrash(place.home);
    return crash && crash.at >= since && crash.at !== told?.at ? crash : undefined;
  };
  const look = async (): Promise<void> => {
    const crash = await fresh();
    if (crash) {
      told = crash;
      for (const line of crashLines(crash)) say(line);
      if (crash.fatal && isSame(crash, lastDeath)) throw inVain(crash);
      if (crash.fatal) lastDeath = crash;
    }
    if (!(await revive(place))) return;
    deaths += 1;
    if (deaths > mostDeaths) throw silentDeaths();
    say('the worker had stopped; another one takes over');
  };
  return { look, progressed: () => (deaths = 0) };
}

async function revive(place: Place): Promise<boolean> {
  try {
    return await reviveWorker(place);
  } catch (error) {
    if (error instanceof Failure && error.code === 'WORKER_FAILED') throw inVain(error);
    throw error;
  }
}

function crashLines({ activities, code, what, why }: CrashRecord): readonly string[] {
  const where = activities.length > 0 ? ` in ${activities.join(', ')}` : '';
  return [`✘ an uncaught error in the worker${where}: ${what} [${code}]`, `  why: ${why}`];
}

function isSame(one: CrashRecord, other: CrashRecord | undefined): boolean {
  return other !== undefined && one.code === other.code && one.what === other.what;
}

function inVain({ what, why, fix }: Pick<Failure, 'what' | 'why' | 'fix'>): Failure {
  return new Failure({
    code: 'WORKER_ENDS',
    what: `The worker keeps stopping, so the run is paused: ${what}`,
    ...{
      why,
      fix: `${fix} Then \`windlass status -e ENVIRONMENT --watch\` starts a worker, and the run continues.`,
    },
  });
}

function silentDeaths(): Failure {
  return inVain({
    what: `${mostDeaths} workers ended with no output`,
    why: 'they are being killed, or the machine runs out of memory (see `dmesg`).',
    fix: 'Check .windlass/log/worker.log and stop what kills them.',
  });
}
