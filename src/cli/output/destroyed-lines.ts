import type { LedgerEntry } from '../../releases/ledger-entry.ts';
import { stampOf } from './clock.ts';

/** When and by whom an environment was destroyed, and the backup that was kept (null = none). */
export interface Destroyed {
  readonly at: string;
  readonly actor: string;
  readonly backup: string | null;
}

/** The destruction that a ledger ends with; null where it ends with anything else. */
export function destroyedBy(ledger: readonly LedgerEntry[]): Destroyed | null {
  const end = ledger.at(-1);
  if (end?.kind !== 'destroy' || end.outcome !== 'succeeded') return null;
  const { at, actor, backup } = end;
  return { at, actor, backup: backup?.object.split('/')[1] ?? null };
}

/** The same for people, with what can be typed now. */
export function destroyedLines(
  environment: string,
  { at, actor, backup }: Destroyed,
): readonly string[] {
  const back = `bin/windlass recover -e ${environment}`;
  return [
    `release   none: destroyed by ${actor}, ${stampOf(new Date(at))}`,
    ...(backup === null ? [] : [`backup    ${backup} is kept`, `next      ${back}   (from it)`]),
    `next      bin/windlass deploy -e ${environment}   (starts anew)`,
  ];
}
