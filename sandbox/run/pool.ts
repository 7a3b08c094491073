import type { ContainerHost } from './container.ts';
import { Instance } from './instance.ts';
import { type RevisionRecord, revisions } from './records.ts';
import { isWarm } from './warmth.ts';
import { held } from '../../src/held.ts';

const SWEEP_MS = 5000;

/** The instances of all revisions. */
export interface Pool {
  instanceOf(revision: RevisionRecord): Instance;
  /** Starts, without waiting, what shall be warm of a service. */
  warm(service: string): void;
  /** Stops the instances whose relative revision name the test accepts; all without a test. */
  stop(accepts?: (revision: string) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** A pool that stops an instance after `idleMs` without a request, unless it shall be warm. */
export function openPool(
  host: ContainerHost,
  times: { readonly idleMs: number; readonly patienceMs: number },
): Pool {
  const { world } = host;
  const instances = new Map<string, Instance>();
  function instanceOf(revision: RevisionRecord): Instance {
    const { name } = revision;
    const options = { patienceMs: times.patienceMs, isWarm: () => isWarm(world, name) };
    const instance = instances.get(name) ?? new Instance(host, revision, options);
    instances.set(name, instance);
    return instance;
  }
  async function stop(accepts: (revision: string) => boolean = () => true): Promise<void> {
    const chosen = [...instances].filter(([name]) => accepts(name));
    for (const [name] of chosen) instances.delete(name);
    await Promise.all(chosen.map(([, instance]) => instance.stop()));
  }
  const sweeper = setInterval(
    () => sweep(instances, times.idleMs, (name) => isWarm(world, name)),
    Math.min(times.idleMs, SWEEP_MS),
  ).unref();
  return {
    instanceOf,
    warm(service) {
      for (const [name, revision] of revisions(world).list()) {
        if (revision.service !== service || !isWarm(world, name)) continue;
        void instanceOf(revision)
          .ensure()
          .catch(() => undefined);
      }
    },
    stop,
    close() {
      clearInterval(sweeper);
      return stop();
    },
  };
}

function sweep(
  instances: ReadonlyMap<string, Instance>,
  idleMs: number,
  keep: (name: string) => boolean,
): void {
  const limit = Date.now() - idleMs;
  for (const [name, instance] of instances) {
    if (instance.isIdleSince(limit) && !keep(name)) void held(instance.stop());
  }
}
