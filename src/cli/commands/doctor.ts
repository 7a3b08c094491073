import { Command } from '@commander-js/extra-typings';
import { checksOf } from '../../doctor/checks.ts';
import { examine } from '../../doctor/examine.ts';
import type { Examined } from '../../doctor/examine.ts';
import { siteOf } from '../../endpoints.ts';
import { projectPlace } from '../../place.ts';
import { environmentOption } from '../options.ts';
import { answer, answerJson, say } from '../output/say.ts';

const notReady = 3;

/** `windlass doctor`: all that a deploy needs, a line each with its fix; exit code 3 if anything is missing. */
export function doctorCommand() {
  return new Command('doctor')
    .description('check all that a deploy needs; changes nothing')
    .addOption(environmentOption())
    .option('--json', 'as JSON')
    .action(async ({ environment, json }) => {
      const site = await siteOf(projectPlace(), environment);
      if (!json) say(`${environment}: ${site.banner}`);
      const found = await examine(checksOf(site));
      const missing = found.filter(({ state }) => state === 'missing');
      if (missing.length > 0) process.exitCode = notReady;
      if (json) return answerJson({ environment, where: site.banner, checks: found });
      for (const one of found) tell(one);
      say(missing.length === 0 ? `✔ ${environment} can be deployed` : `${missing.length} missing`);
    });
}

const marks = { ok: '✔', warning: '!', missing: '✖' } as const;

function tell({ id, state, says, fix }: Examined): void {
  answer(`${marks[state]} ${id.padEnd(17)} ${says}`);
  if (fix !== undefined) answer(`  ${' '.repeat(17)} Fix: ${fix}`);
}
