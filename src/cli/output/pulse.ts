import { spanOf } from './clock.ts';
import { mostSilentMs } from './most-silent.ts';
import { isCovered, say, silentFor } from './say.ts';

let asking = 0;

/** Says after ten seconds of silence that a command still works, for logs that are watched. */
export function keepPulse(command: string): void {
  const began = performance.now();
  const most = mostSilentMs();
  const beat = (): void => {
    if (asking > 0 || isCovered() || silentFor() < most) return;
    say(`… ${command} is still running (${spanOf(performance.now() - began)})`);
  };
  setInterval(beat, 250).unref();
}

/** No pulse while a person is asked, or watches what comes. */
export async function whileAsking<T>(ask: () => Promise<T>): Promise<T> {
  asking += 1;
  try {
    return await ask();
  } finally {
    asking -= 1;
  }
}
