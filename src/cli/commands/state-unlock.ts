import { Command, Option } from '@commander-js/extra-typings';
import { stackNames } from '../../deploy.ts';
import type { StackName } from '../../deploy.ts';
import { siteOf } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import { readLease } from '../../lease/read-lease.ts';
import { holderText } from '../../lease/words.ts';
import { projectPlace } from '../../place.ts';
import type { Site } from '../../site.ts';
import { seeLock } from '../../state/unlock.ts';
import type { SeenLock } from '../../state/unlock.ts';
import { confirm } from '../confirm.ts';
import { environmentOption } from '../options.ts';
import { ageOf } from '../output/age.ts';
import { answer } from '../output/say.ts';

/** `windlass state unlock`: whose lock it is, how old, what speaks for its death; then asks. */
export function stateUnlockCommand() {
  return new Command('unlock')
    .description('show who holds a state lock, and release it after confirmation')
    .addOption(environmentOption())
    .addOption(new Option('--stack <stack>', 'one stack').choices(stackNames))
    .option('--yes', 'do not ask')
    .action(async ({ environment, stack, yes }) => {
      const site = await siteOf(projectPlace(), environment);
      const seen = await locksOf(site, stack ? [stack] : stackNames);
      if (seen.length === 0) return answer('no state is locked');
      for (const lock of seen) show(lock);
      const lease = await readLease(site);
      if (lease && lease.state !== 'ended') answer(`lease     ${holderText(lease)}`);
      await confirm(environment, yes === true);
      for (const lock of seen) await free(lock);
    });
}

async function locksOf(site: Site, wanted: readonly StackName[]): Promise<readonly SeenLock[]> {
  const found = await Promise.all(wanted.map((stack) => seeLock(site, stack)));
  return found.flatMap((lock) => lock ?? []);
}

function show({ stack, who, operation, created, generation, evidence }: SeenLock): void {
  const age = Date.now() - Date.parse(created);
  answer(`lock      ${stack}, ${operation || 'an unknown operation'}`);
  answer(`holder    ${who}`);
  answer(`since     ${created || 'unknown'}${Number.isNaN(age) ? '' : ` (${ageOf(age)} ago)`}`);
  answer(`id        ${generation}`);
  answer(`evidence  ${evidence}`);
}

async function free(lock: SeenLock): Promise<void> {
  if (await lock.free()) return answer(`released  ${lock.stack}`);
  throw new Failure({
    code: 'STATE_LOCKED',
    what: `The lock of ${lock.stack} is no longer the one that was shown`,
    why: `its holder gave ${lock.generation} back, and another may hold it now`,
    fix: 'Run the command again: it shows who.',
  });
}
