import { userInfo } from 'node:os';
import { Option } from '@commander-js/extra-typings';

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
  return new Option('--accept <name>', 'a point of no return that the plan names; repeatable')
    .default(none, 'none')
    .argParser((name: string, before: readonly string[]) => [...before, name]);
}

/** Who asks, for the run's memo and the ledger. */
export function actor(): string {
  return process.env['WINDLASS_ACTOR'] ?? userInfo().username;
}
