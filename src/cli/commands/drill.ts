import { Command } from '@commander-js/extra-typings';
import type { DrillResult } from '../../drill-result.ts';
import { drillName } from '../../drills/drill-site.ts';
import { siteOf } from '../../endpoints.ts';
import { projectPlace } from '../../place.ts';
import { besideRun } from '../beside-run.ts';
import { callersAddress } from '../gather.ts';
import { environmentOption } from '../options.ts';
import { ageOf } from '../output/age.ts';
import { confirmDrill } from '../confirm-drill.ts';
import { answer, answerJson } from '../output/say.ts';
import { prepare } from '../prepare.ts';
import { refuseLeased } from '../refuse-held.ts';
import { refuseBusy } from '../refuse-busy.ts';

/** `windlass drill`: proves that the newest backup can be recovered; measured and recorded. */
export function drillCommand() {
  return new Command('drill')
    .description('restore the newest backup into a scratch environment, test it, destroy it')
    .addOption(environmentOption())
    .option('--yes', 'do not ask')
    .option('--json', 'as JSON')
    .action(async ({ environment, json, yes }) => {
      await prepare(projectPlace(), environment);
      const site = await siteOf(projectPlace(), environment);
      await refuseLeased(site);
      await refuseBusy(drillName(environment));
      const scratch = await siteOf(projectPlace(), drillName(environment));
      await confirmDrill(site, scratch, yes === true);
      const result = await besideRun<DrillResult>('drill', environment, callersAddress);
      if (!result.proven) process.exitCode = 5;
      if (json) return answerJson(result);
      sayResult(result);
    });
}

function sayResult({ backup, rpoSeconds, rtoSeconds, proven, failure, left }: DrillResult): void {
  answer(`backup    ${backup}`);
  answer(`data loss ${ageOf(rpoSeconds * 1000)} (RPO)`);
  answer(`back in   ${ageOf(rtoSeconds * 1000)} (RTO)`);
  if (failure !== undefined) answer(`failed    ${failure}`);
  for (const name of left) answer(`left      ${name}`);
  answer(proven ? 'proven    restored and tested; nothing is left of it' : 'NOT PROVEN');
}
