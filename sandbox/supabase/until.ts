import { setTimeout as delay } from 'node:timers/promises';

/** Asks every 20 ms until the answer is true; false when `limitMs` milliseconds are over. */
export async function until(ask: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    if (await ask().catch(() => false)) return true;
    await delay(20);
  }
  return false;
}
