import type { Report } from '../report.ts';
import type { Doing } from './output/tree.ts';

/** A stream of reports that many can wait on; each waits for what it wants to see. */
export interface Feed {
  readonly push: (report: Report) => void;
  /** No more reports come; whoever still waits gets the last one. */
  readonly end: () => void;
  readonly until: (wanted: (report: Report) => boolean) => Promise<Report | undefined>;
  /** Calls for every report from now on. */
  readonly onReport: (listener: (report: Report) => void) => void;
  /** Keeps what the run's activities do at this moment. */
  readonly does: (doing: readonly Doing[]) => void;
  readonly doing: () => readonly Doing[];
}

/** Opens an empty feed. */
export function openFeed(): Feed {
  const listeners = new Set<(report: Report) => void>();
  let last: Report | undefined;
  let now: readonly Doing[] = [];
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (ended = resolve));
  return {
    push: (report) => {
      last = report;
      for (const listener of listeners) listener(report);
    },
    end: () => ended(),
    does: (doing) => (now = doing),
    doing: () => now,
    onReport: (listener) => {
      listeners.add(listener);
      if (last) listener(last);
    },
    until: async (wanted) => {
      if (last && wanted(last)) return last;
      const seen = new Promise<Report>((resolve) => {
        listeners.add((report) => {
          if (wanted(report)) resolve(report);
        });
      });
      return Promise.race([seen, end.then(() => last)]);
    },
  };
}
