import { CancellationScope } from '@temporalio/workflow';
import type { Deploy } from '../src/deploy.ts';
import type { Report } from '../src/report.ts';
import { holding, instant, process } from './activities.ts';

/** The right of a run to change its environment: taken before the first change, held to the end. */
export interface LeaseOfRun {
  /** Comes back once the run holds it; side by side, too. */
  readonly ensure: (d: Deploy) => Promise<void>;
  /** Stands still while a person is waited for; `resume` goes on, if nobody took over meanwhile. */
  readonly park: (d: Deploy) => Promise<void>;
  readonly resume: (d: Deploy) => Promise<void>;
  /** Where the run's end was written down (`recorded`) the lease is given back already. */
  readonly end: (d: Deploy, recorded: boolean) => Promise<void>;
}

/** Runs that began before there were leases go on without one. */
export const noLease: LeaseOfRun = {
  ensure: () => Promise.resolve(),
  park: () => Promise.resolve(),
  resume: () => Promise.resolve(),
  end: () => Promise.resolve(),
};

/** A lease that is taken once, and renewed by one long activity. */
export function leaseOf(kind: Report['kind']): LeaseOfRun {
  const shield = new CancellationScope({ cancellable: false }); // a stop still winds back under it
  let taking: Promise<void> | undefined;
  let renewal: CancellationScope | undefined;
  const take = async (d: Deploy): Promise<void> => {
    await process.takeLease({ ...d, kind });
    renewal = renewed(d, shield);
  };
  const stop = (): void => {
    renewal?.cancel();
    renewal = undefined;
  };
  return {
    ensure: (d) => (taking ??= take(d)),
    park: async (d) => {
      if (!renewal) return;
      stop();
      await instant.parkLease(d).catch(() => undefined);
    },
    resume: async (d) => {
      if (taking) await take(d).catch(() => undefined); // the undo itself says that it was lost
    },
    end: async (d, recorded) => {
      const held = renewal !== undefined;
      stop();
      if (held && !recorded) await instant.dropLease(d).catch(() => undefined);
    },
  };
}

/** Renews until its scope is cancelled; what it meets, those who write meet too, and say it. */
function renewed(d: Deploy, shield: CancellationScope): CancellationScope {
  const scope = new CancellationScope({ cancellable: true, parent: shield });
  scope.run(() => holding.holdLease(d)).catch(() => undefined);
  return scope;
}
