import { applyMigrateFault } from './life.ts';
import type { Room } from './room.ts';

const LOOK_EVERY_MS = 100;

/** Keeps the fault `migrate`, which lives inside Postgres, in step with the world's faults. */
export interface FaultWatch {
  /** Applies what the world says now; sooner than the next look. */
  now(): Promise<void>;
  stop(): void;
}

/** Looks ten times a second whether the fault was set or removed. */
export function watchFaults(room: Room): FaultWatch {
  const seen = (): string => JSON.stringify(room.world.faults.get('migrate') ?? null);
  let applied = seen();
  async function now(): Promise<void> {
    applied = seen();
    await Promise.all([...room.lives.keys()].map((ref) => applyMigrateFault(room, ref)));
  }
  const timer = setInterval(() => {
    if (seen() !== applied) now().catch(() => undefined);
  }, LOOK_EVERY_MS);
  timer.unref();
  return { now, stop: () => clearInterval(timer) };
}
