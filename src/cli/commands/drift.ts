import { Command } from '@commander-js/extra-typings';
import type { DriftFinding } from '../../drift-finding.ts';
import { projectPlace } from '../../place.ts';
import { besideRun } from '../beside-run.ts';
import { environmentOption } from '../options.ts';
import { answer, answerJson, say } from '../output/say.ts';
import { wrap } from '../output/wrap.ts';
import { prepare } from '../prepare.ts';

const driftFound = 7;

/** `windlass drift`: what differs from the release that the ledger names; exit code 7 if anything. */
export function driftCommand() {
  return new Command('drift')
    .description('detect drift: changes made outside of deploys')
    .addOption(environmentOption())
    .option('--json', 'as JSON')
    .action(async ({ environment, json }) => {
      await prepare(projectPlace(), environment);
      const findings = await besideRun<readonly DriftFinding[]>('drift', environment);
      if (findings.length > 0) process.exitCode = driftFound;
      if (json) return answerJson(findings);
      for (const finding of findings) sayFinding(finding);
      say(
        findings.length === 0 ? `✔ ${environment} matches its release` : `${findings.length} found`,
      );
    });
}

function sayFinding({ source, what, since, owner, next }: DriftFinding): void {
  for (const line of wrap(`${source.padEnd(9)} ${what}`)) answer(line);
  for (const line of wrap(`    since: ${since}; owner: ${owner}; the next deploy ${next}`))
    answer(line);
}
