import { userInfo } from 'node:os';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';

/** Which environment a command is about. */
export function environmentOption() {
  return new Option('-e, --environment <name>', 'production, staging, …').makeOptionMandatory();
}

/** A release by its id. */
export function releaseOption(description: string) {
  return new Option('--release <release>', description);
}

/** Points of no return that the caller accepts; given once for each name. */
export function acceptOption() {
  const none: readonly string[] = [];
  return new Option(
    '--accept <name>',
    'accept a point of no return that the plan lists; repeatable',
  )
    .default(none, 'none')
    .argParser((name: string, before: readonly string[]) => [...before, name]);
}

/** Why something is asked for; it stays with the run. */
export function reasonOption() {
  return new Option('--reason <text>', 'reason, shown in the ledger and the UI');
}

/** At most how many of something are shown. */
export function limitOption(what: string) {
  return new Option('--limit <number>', `at most this many ${what}`).argParser((text: string) => {
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= 1 && count <= 1000) return count;
    throw new InvalidArgumentError('Give a number from 1 to 1000.');
  });
}

/** Who asks, for what nothing hangs on: the system's user, with a label of their choice. */
export function actor(): string {
  return labelled(userInfo().username);
}

/** A name beside the label in WINDLASS_ACTOR, which never replaces it. */
export function labelled(name: string): string {
  const label = process.env['WINDLASS_ACTOR']?.trim();
  return label === undefined || label === '' || label === name ? name : `${label} (${name})`;
}
