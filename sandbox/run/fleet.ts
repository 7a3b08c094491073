import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../world.ts';
import { addressBook } from './addresses.ts';
import type { ContainerHost } from './container.ts';
import { openInstance, type Instance } from './instance.ts';
import { openMetadataServers } from './metadata-server.ts';
import { findIsolation } from './mount-namespace.ts';
import { type RevisionRecord, revisions, type ServiceRecord, services } from './records.ts';
import { endStaleProcesses } from './stale-processes.ts';
import { isWarm } from './warmth.ts';

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
  /** Runs the startup check of a revision; rejects with why it failed. */
  start(revision: RevisionRecord): Promise<void>;
  /** Opens the addresses that a service needs and keeps warm what shall be warm. */
  settle(service: string): Promise<ServiceRecord>;
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
  const { idleMs = 60_000, patienceMs = 10_000 } = options;
  const samplePath = options.samplePath ?? process.env['WINDLASS_SAMPLE_PYTHON'];
  const metadata = openMetadataServers(world);
  const metadataHost = metadata.hostFor;
  const host: ContainerHost = { world, isolation: findIsolation(), samplePath, metadataHost };
  const instances = new Map<string, Instance>();
  const turns = new Map<string, Promise<unknown>>();
  const addresses = addressBook(world, (revision) => instanceOf(revision));

  function instanceOf(revision: RevisionRecord): Instance {
    const warm = (): boolean => isWarm(world, revision.name);
    const made =
      instances.get(revision.name) ?? openInstance(host, revision, { patienceMs, isWarm: warm });
    instances.set(revision.name, made);
    return made;
  }

  async function settle(service: string): Promise<ServiceRecord> {
    const record = await addresses.open(service);
    for (const [name, revision] of revisions(world).list()) {
      if (revision.service !== service || !isWarm(world, name)) continue;
      void instanceOf(revision)
        .ensure()
        .catch(() => undefined);
    }
    return record;
  }

  async function stopRevision(name: string): Promise<void> {
    await instances.get(name)?.stop();
    instances.delete(name);
  }

  async function remove(service: string): Promise<void> {
    addresses.close(service);
    const all = [...instances.keys()].filter((name) => name.startsWith(`${service}/`));
    await Promise.all(all.map((name) => stopRevision(name)));
  }

  const sweeper = setInterval(
    () => {
      const limit = Date.now() - idleMs;
      for (const [name, instance] of instances) {
        if (instance.isIdleSince(limit) && !isWarm(world, name)) void instance.stop();
      }
    },
    Math.min(idleMs, 5000),
  ).unref();

  await Promise.all(
    services(world)
      .list()
      .map(([name]) => settle(name)),
  );
  return {
    baseUrl: options.baseUrl ?? (() => ''),
    start: async (revision) => void (await instanceOf(revision).ensure()),
    settle,
    remove,
    stopRevision,
    inTurn(service, work) {
      const turn = (turns.get(service) ?? Promise.resolve()).then(work, work);
      turns.set(service, turn);
      return turn;
    },
    async close() {
      clearInterval(sweeper);
      addresses.close();
      await Promise.all([...instances.keys()].map((name) => stopRevision(name)));
      await Promise.race([Promise.allSettled(turns.values()), sleep(1000)]);
      await metadata.close();
    },
  };
}
