import { z } from 'zod';
import type { Collection } from './collection.ts';

/** Options of a named fault; `times` counts down to removal, absent = until removed. */
export const Fault = z.looseObject({ times: z.number().int().positive().optional() });
export type Fault = z.infer<typeof Fault>;

/** The faults that are switched on; they live in the world and so survive a restart. */
export interface FaultsAccess {
  list(): [name: string, fault: Fault][];
  get(name: string): Fault | undefined;
  set(name: string, fault: Fault): void;
  delete(name: string): boolean;
  clear(): void;
  /** The fault, counted down by one, where it is on and `matches` agrees; else undefined. */
  take(name: string, matches?: (fault: Fault) => boolean): Fault | undefined;
}

/** Faults kept in a collection. */
export function faultsAccess(kept: Collection<Fault>): FaultsAccess {
  return {
    list: () => kept.list(),
    get: (name) => kept.get(name),
    set: (name, fault) => kept.set(name, fault),
    delete: (name) => kept.delete(name),
    clear() {
      for (const [name] of kept.list()) kept.delete(name);
    },
    take: (name, matches = () => true) => take(kept, name, matches),
  };
}

function take(
  kept: Collection<Fault>,
  name: string,
  matches: (fault: Fault) => boolean,
): Fault | undefined {
  const fault = kept.get(name);
  if (fault === undefined || !matches(fault)) return undefined;
  if (fault.times === 1) kept.delete(name);
  else if (fault.times !== undefined) kept.set(name, { ...fault, times: fault.times - 1 });
  return fault;
}
