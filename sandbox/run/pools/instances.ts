import { setTimeout as sleep } from 'node:timers/promises';
import { held } from '../../../src/held.ts';
import { GoogleError } from '../../google/http.ts';
import { type Container, type ContainerHost, startContainer } from '../container.ts';
import { writeLog } from '../logs.ts';
import { type RevisionRecord, revisions } from '../records.ts';
import { removeSecretFolder } from '../secret-folder.ts';
import { wantedInstances, workerPools } from './records.ts';

/** The instances of all worker pools of a world. */
export interface Workers {
  /** Starts and ends instances until a pool has those that its splits say; rejects where one ends at once. */
  settle(pool: string): Promise<void>;
  remove(pool: string): Promise<void>;
  close(): Promise<void>;
}

const longEnoughMs = 2000; // an instance without a probe that lives so long has started
const slowestRestartMs = 30_000;

interface Worker {
  readonly pool: string;
  readonly started: Promise<void>;
  stop(): Promise<void>;
}

/** Opens the workers of a world and starts those that ran when the last server ended. */
export function openWorkers(host: ContainerHost): Workers {
  const { world } = host;
  const workers = new Map<string, Worker>();
  async function settle(pool: string): Promise<void> {
    const wanted = new Set(namesOf(pool, host));
    const surplus = [...workers].filter(([key, one]) => one.pool === pool && !wanted.has(key));
    for (const [key] of surplus) workers.delete(key);
    await Promise.all(surplus.map(([, worker]) => worker.stop()));
    const missing = [...wanted].filter((key) => !workers.has(key));
    for (const key of missing) {
      const [revision = '', index = '0'] = key.split('#');
      const record = revisions(world).get(`${pool}/revisions/${revision}`);
      if (record !== undefined)
        workers.set(key, runWorker(host, pool, { ...record, name: `${record.name}-i${index}` }));
    }
    await Promise.all(missing.flatMap((key) => workers.get(key)?.started ?? []));
  }
  async function end(keep: (worker: Worker) => boolean): Promise<void> {
    const ending = [...workers].filter(([, worker]) => !keep(worker));
    for (const [key] of ending) workers.delete(key);
    await Promise.all(ending.map(([, worker]) => worker.stop()));
  }
  for (const [pool] of workerPools(world).list()) void settle(pool).catch(() => undefined);
  return {
    settle,
    remove: (pool) => end((worker) => worker.pool !== pool),
    close: () => end(() => false),
  };
}

/** `REVISION#0`, `REVISION#1` and so on: each instance that a pool shall have. */
function namesOf(pool: string, { world }: ContainerHost): readonly string[] {
  const record = workerPools(world).get(pool);
  if (record === undefined) return [];
  return [...wantedInstances(record)].flatMap(([revision, count]) =>
    Array.from({ length: count }, (_, index) => `${revision}#${index}`),
  );
}

/** One instance: started, started again whenever it ends, each time a little later. */
function runWorker(host: ContainerHost, pool: string, revision: RevisionRecord): Worker {
  const over = new AbortController();
  let container: Container | undefined;
  let failures = 0;
  const first = Promise.withResolvers<void>();
  const loop = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const began = Date.now();
      const how = await lifeOf(host, revision, (running) => {
        container = running;
        if (over.signal.aborted) void held(running.process.stop());
        setTimeout(first.resolve, longEnoughMs).unref();
      });
      if (over.signal.aborted) break;
      writeLog(host.world, revision, 'varlog/system', {
        ...{ text: `Container called ${how}.`, severity: 'WARNING' },
      });
      first.reject(new GoogleError('FAILED_PRECONDITION', endedAtOnce(how)));
      failures = Date.now() - began > slowestRestartMs ? 1 : failures + 1;
      const pause = Math.min(100 * 2 ** failures, slowestRestartMs);
      await sleep(pause, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
    }
    first.resolve();
  };
  first.promise.catch(() => undefined);
  const looping = held(loop());
  return {
    pool,
    started: first.promise,
    async stop() {
      over.abort();
      await container?.process.stop();
      await looping;
    },
  };
}

async function lifeOf(
  host: ContainerHost,
  revision: RevisionRecord,
  onStart: (container: Container) => void,
): Promise<string> {
  try {
    const container = await startContainer(host, revision);
    onStart(container);
    return await container.process.exited;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    removeSecretFolder(host.world, revision);
  }
}

function endedAtOnce(how: string): string {
  return `The user-provided container failed to start: it ended at once (${how}). Logs for this revision might contain more information.`;
}
