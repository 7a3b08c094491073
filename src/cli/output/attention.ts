import { wayOn } from '../../releases/environment-marker.ts';
import { parkedCommands } from './parked.ts';

interface Seen {
  readonly environment: string;
  readonly run: {
    readonly id: string;
    readonly state: string;
    readonly parkedAt: string | null;
  } | null;
  /** What the environment's marker says. */
  readonly unfinished: {
    readonly kind: string;
    readonly actor: string;
    readonly steps: readonly string[];
    /** Who may change the environment at this moment. */
    readonly held: { readonly run: string; readonly state: string } | null;
  } | null;
}

/** What waits for an operator, with the commands that settle it. */
export function attention({ environment, run, unfinished }: Seen): readonly string[] {
  if (run?.parkedAt)
    return [
      `parked    the undo of ${run.parkedAt} needs your decision:`,
      ...parkedCommands(environment, run.parkedAt).map((command) => `          ${command}`),
    ];
  if (!unfinished || run?.state === 'RUNNING') return [];
  if (unfinished.held && unfinished.held.run !== run?.id)
    return heldLines(environment, unfinished.held.state);
  const { kind, actor, steps } = unfinished;
  return [
    `unfinished  the ${kind} of ${actor} left ${steps.join(', ')} half-changed; no other run can start:`,
    `          ${wayOn(environment, kind)}`,
  ];
}

/** A run that this Temporal knows nothing of, or that was ended a moment ago. */
function heldLines(environment: string, state: string): readonly string[] {
  const gone = `bin/windlass recover -e ${environment} --reconcile`;
  if (state === 'parked')
    return [
      'parked    it waits for a decision in its own Temporal; if that is gone for good:',
      `          ${gone}`,
    ];
  return [
    '          no other run can start; if its machine is gone for good:',
    `          ${gone}`,
  ];
}
