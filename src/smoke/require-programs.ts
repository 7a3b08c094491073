import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { isCommand } from '../config/smoke.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { commandPath } from './command.ts';

/** A Failure where a smoke command's program is not on this machine, before anything is touched. */
export async function requireSmokePrograms({ config }: Pick<Site, 'config'>): Promise<void> {
  for (const check of (config.smoke ?? []).filter(isCommand)) {
    const program = check.command[0] ?? '';
    if (program.includes('/') || (await isThere(program))) continue;
    throw new Failure({
      code: 'PROGRAM_MISSING',
      what: `The smoke check '${check.name}' needs ${program}, which this worker does not have`,
      why: `it is in none of the folders of PATH: ${commandPath()}`,
      fix: `Install ${program} where the worker runs, or write the check in a language that is installed (node always is).`,
    });
  }
}

async function isThere(program: string): Promise<boolean> {
  const looks = commandPath()
    .split(':')
    .map((folder) => access(join(folder, program), constants.X_OK).then(() => true));
  return (await Promise.allSettled(looks)).some(({ status }) => status === 'fulfilled');
}
