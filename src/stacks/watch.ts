import type { Watch } from '../terraform/supervise.ts';

/** How an activity watches terraform: beats with its progress, stops it when the run is cancelled. */
export function watchOf(work: {
  readonly signal: AbortSignal;
  readonly leave: AbortSignal;
  readonly beat: (progress: string) => void;
}): Omit<Watch, 'runDir'> {
  return {
    signal: work.signal,
    leave: work.leave,
    onProgress: ({ text }) => work.beat(text.slice(0, 200)),
  };
}
