import { say } from './output/say.ts';

/** Runs work that tidies up after itself; Ctrl-C ends it early, exit code 130. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  const onSignal = (): void => {
    say('\nStopping; removing the scratch sandboxes …');
    interruption.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
  try {
    return await work(interruption.signal);
  } catch (error) {
    if (interruption.signal.aborted) process.exit(130);
    throw error;
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal);
  }
}
