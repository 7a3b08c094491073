import { setImmediate as turn } from 'node:timers/promises';

/** Time that passes only when nothing is left to do at the moment. */
export interface Clock {
  /** Seconds since the beginning. */
  readonly now: () => number;
  readonly after: (seconds: number, work: () => void) => void;
  /** Lets time pass until `over`; false where nothing was left to wait for, or the limit was reached. */
  readonly run: (over: () => boolean) => Promise<boolean>;
}

const mostSteps = 20_000;

/** A clock that stands at 0; what is due at one moment happens in the order it was asked for. */
export function openClock(): Clock {
  const queue: { readonly at: number; readonly number: number; readonly work: () => void }[] = [];
  let time = 0;
  let number = 0;
  return {
    now: () => time,
    after: (seconds, work) => {
      queue.push({ at: time + seconds, number: (number += 1), work });
      queue.sort((a, b) => a.at - b.at || a.number - b.number);
    },
    run: async (over) => {
      for (let steps = 0; steps < mostSteps; steps += 1) {
        await turn(); // whatever was resolved is heard first
        if (over()) return true;
        const due = queue.shift();
        if (due === undefined) return false;
        time = due.at;
        due.work();
      }
      return false;
    },
  };
}
