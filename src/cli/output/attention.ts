import { wayOn } from '../../releases/environment-marker.ts';
import { parkedCommands } from './parked.ts';

interface Seen {
  readonly environment: string;
  readonly run: { readonly state: string; readonly parkedAt: string | null } | null;
  /** What the environment's marker says. */
  readonly unfinished: {
    readonly kind: string;
    readonly actor: string;
    readonly steps: readonly string[];
  } | null;
}

/** What waits for an operator, with the commands that settle it. */
export function attention({ environment, run, unfinished }: Seen): readonly string[] {
  if (run?.parkedAt)
    return [
      `parked    the undo of ${run.parkedAt} waits for you:`,
      ...parkedCommands(environment, run.parkedAt).map((command) => `          ${command}`),
    ];
  if (!unfinished || run?.state === 'RUNNING') return [];
  const { kind, actor, steps } = unfinished;
  return [
    `unfinished  the ${kind} of ${actor} left ${steps.join(', ')} half-changed; no other run may begin:`,
    `          ${wayOn(environment, kind)}`,
  ];
}
