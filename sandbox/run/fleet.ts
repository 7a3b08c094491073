import { isLowered } from '../google/standing-walls.ts';
import type { World } from '../world.ts';
import { addressBook } from './addresses.ts';
import { endStaleContainers } from './containers/stale-containers.ts';
import { type Executions, openExecutions } from './jobs/run-execution.ts';
import { openMetadataServers } from './metadata-server.ts';
import { findIsolation } from './mount-namespace.ts';
import { findNetworks, gateFolder } from './networks/networks.ts';
import { openPool } from './pool.ts';
import { openWorkers, type Workers } from './pools/instances.ts';
import { type RevisionRecord, type ServiceRecord, services } from './records.ts';
import { reserved } from './reserved.ts';
import { endStaleProcesses } from './stale-processes.ts';

/** How a fleet runs; times in milliseconds. */
export interface FleetOptions {
  /** Comes first in the PATH of every service; default `$WINDLASS_SAMPLE_PYTHON`. */
  readonly samplePath?: string;
  /** A revision that shall not be warm is stopped after so long without a request; default 60 s. */
  readonly idleMs?: number;
  /** Added to what a startup probe allows, for slow machines; default 10 s. */
  readonly patienceMs?: number;
  /** Where the `/_sandbox` pages are found, for the addresses in error messages. */
  readonly baseUrl?: () => string;
}

/** The running side of Cloud Run: processes, addresses, metadata servers. */
export interface Fleet {
  readonly baseUrl: () => string;
  /** What runs of jobs. */
  readonly executions: Executions;
  /** What runs of worker pools. */
  readonly workers: Workers;
  /** Runs the startup check of a revision; rejects with why it failed. */
  start(revision: RevisionRecord): Promise<void>;
  /** Opens the addresses that a service needs and keeps warm what shall be warm. */
  settle(service: string): Promise<ServiceRecord>;
  /** The address under which a service answers once it is there. */
  reserve(service: string, tag?: string): Promise<string>;
  /** Ends everything that belongs to a service. */
  remove(service: string): Promise<void>;
  stopRevision(revision: string): Promise<void>;
  /** Does work for a service after all earlier work for it. */
  inTurn<T>(service: string, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens the fleet of a world: ends what a dead server left behind, then starts what serves. */
export async function openFleet(world: World, options: FleetOptions = {}): Promise<Fleet> {
  endStaleProcesses(world);
  endStaleContainers(world);
  const { idleMs = 60_000, patienceMs = 10_000, baseUrl = () => '' } = options;
  const samplePath = options.samplePath ?? process.env['WINDLASS_SAMPLE_PYTHON'];
  const host = await openHost(world, samplePath);
  const pool = openPool(host, { idleMs, patienceMs });
  const executions = openExecutions(host);
  const workers = openWorkers(host);
  const addresses = addressBook(world, pool.instanceOf);
  const turns = new Map<string, Promise<unknown>>();
  async function settle(service: string): Promise<ServiceRecord> {
    const record = await addresses.open(service);
    pool.warm(service);
    return record;
  }
  await Promise.all([
    ...reserved(world)
      .list()
      .flatMap(([name, { tags = {} }]) => [
        addresses.reserve(name),
        ...Object.keys(tags).map((tag) => addresses.reserve(name, tag)),
      ]),
    ...services(world)
      .list()
      .map(([name]) => settle(name)),
  ]);
  return {
    baseUrl,
    executions,
    workers,
    start: async (revision) => void (await pool.instanceOf(revision).ensure()),
    settle,
    reserve: (service, tag) => addresses.reserve(service, tag),
    async remove(service) {
      addresses.close(service);
      await pool.stop((revision) => revision.startsWith(`${service}/`));
    },
    stopRevision: (name) => pool.stop((revision) => revision === name),
    inTurn: (service, work) => inTurn(turns, service, work),
    async close() {
      addresses.close();
      await Promise.all([pool.close(), executions.close(), workers.close()]);
      await host.close();
    },
  };
}

async function openHost(world: World, samplePath: string | undefined) {
  const networks = await findNetworks(gateFolder(world));
  const metadata = openMetadataServers(world, (name) => networks?.socket(name) ?? name);
  return {
    ...{ world, samplePath, metadata, isolation: findIsolation() },
    networks: () => (isLowered(world, 'network') ? undefined : networks),
    async close() {
      await metadata.close();
      networks?.close();
    },
  };
}

function inTurn<T>(
  turns: Map<string, Promise<unknown>>,
  service: string,
  work: () => Promise<T>,
): Promise<T> {
  const turn = (turns.get(service) ?? Promise.resolve()).then(work, work);
  turns.set(
    service,
    turn.catch(() => undefined),
  );
  return turn;
}
