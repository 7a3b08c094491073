import type { StreamEvent } from './stream.ts';

/** What a run is doing right now; also its heartbeat. */
export interface Progress {
  readonly text: string;
  readonly address?: string;
  /** Seconds that the resource has taken so far. */
  readonly elapsed?: number;
  /** Whether the line says that something ended, began or failed, rather than still goes on. */
  readonly milestone: boolean;
}

const shown = new Set([
  'apply_start',
  'apply_progress',
  'apply_complete',
  'apply_errored',
  'change_summary',
  'diagnostic',
  'state_lock_acquire',
]);

/** The event as progress, or undefined where nobody needs to see it. */
export function progressOf(event: StreamEvent): Progress | undefined {
  if (!shown.has(event.type)) return undefined;
  return {
    text: event.text,
    milestone: event.type !== 'apply_progress',
    ...(event.hook === undefined ? {} : { address: event.hook.resource.addr }),
    ...(event.hook?.elapsed_seconds === undefined ? {} : { elapsed: event.hook.elapsed_seconds }),
  };
}
