import { backgroundOf } from '../config/kind.ts';
import type { Service } from '../config/service.ts';
import type { Waiting } from '../gcp/access.ts';
import { awaitExecution, cancelExecution, runJob } from '../gcp/executions.ts';
import { readJob } from '../gcp/jobs.ts';
import { lastLogLines } from '../gcp/logs.ts';
import { readPoolRevision, readWorkerPool } from '../gcp/worker-pools.ts';
import { ownValue } from '../own-value.ts';
import type { Site } from '../site.ts';
import { smokeFailure } from '../smoke/ask.ts';
import { candidateOf } from './candidate.ts';
import { servingOf } from './wanted.ts';

/** The variable by which a program knows that it is tried and shall do no harm. */
const trialVariable = 'WINDLASS_TRIAL';

interface Trying extends Waiting {
  /** The jobs and workers that there were before the run. */
  readonly before: () => Promise<ReadonlySet<string>>;
  readonly beat: (progress: string) => void;
  /** Addresses of the candidates that it calls, by variable. */
  readonly variables: (name: string) => Readonly<Record<string, string>>;
}

/**
 * Runs the candidate of every job and worker once that would run something else than now. A job must
 * end well; a worker must end well or still run after its `startup` seconds. A Failure otherwise.
 */
export async function tryBackground(site: Site, trying: Trying): Promise<readonly string[]> {
  const { services } = site.config;
  const names = backgroundOf(services);
  if (names.length === 0) return [];
  const before = await trying.before();
  const found: string[] = [];
  for (const name of names) {
    const service = ownValue(services, name);
    if (!service) continue;
    if (before.has(name) && (await runsAlready(site, name, service))) {
      found.push(`${name}: runs already, not run once more`);
      continue;
    }
    trying.beat(`running ${name} once`);
    found.push(await tryOne(site, name, service, trying));
  }
  return found;
}

async function tryOne(
  { google, name: environment }: Site,
  name: string,
  service: Service,
  { signal, variables }: Trying,
): Promise<string> {
  const job = candidateOf(name);
  const told = { [trialVariable]: '1', ...variables(name) };
  const execution = await runJob(google, job, told, { signal });
  const which = { job, execution };
  const enough = longEnough(service);
  try {
    const end = await awaitExecution(google, which, enough, { signal });
    if (!end.ended) {
      await cancelExecution(google, which);
      return `${name}: ran for ${startupOf(service)} s, and was ended`;
    }
    if (end.failed === 0) return `${name}: ran once and ended well`;
    const said = await lastLogLines(google, { job, count: 25 }).catch(() => []);
    const why = [end.reason, ...said.map((line) => `  ${line}`)].join('\n');
    const fix = `Check what it said: windlass logs ${name} -e ${environment}.`;
    throw smokeFailure(`${name}: its candidate failed`, why, fix);
  } catch (error) {
    if (signal?.aborted) await cancelExecution(google, which).catch(() => undefined);
    throw error;
  }
}

/** A worker has no end of its own: it has started once it has run for so long. */
function longEnough(service: Service): (now: { readonly running: number }) => boolean {
  if (service.kind === 'job') return () => false;
  let since: number | undefined;
  return ({ running }) => {
    if (running > 0) since ??= Date.now();
    return since !== undefined && Date.now() - since >= startupOf(service) * 1000;
  };
}

const usualStartup = 10; // seconds

function startupOf({ startup = usualStartup }: Pick<Service, 'startup'>): number {
  return startup;
}

async function runsAlready({ google }: Site, name: string, { kind }: Service): Promise<boolean> {
  if (kind === 'job') {
    const candidate = await readJob(google, candidateOf(name));
    const job = await readJob(google, name);
    return job !== undefined && job.content === candidate?.content;
  }
  const pool = await readWorkerPool(google, name);
  const serving = pool && pool.instances > 0 ? servingOf(pool) : undefined;
  if (serving === undefined) return false;
  const [now, next] = await Promise.all(
    [serving, pool?.latestReadyRevision ?? ''].map((revision) =>
      readPoolRevision(google, { pool: name, revision }),
    ),
  );
  return now !== undefined && now.content === next?.content;
}
