import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { projectPlace } from '../../place.ts';
import { ensureBuckets } from '../../planning/ensure-buckets.ts';
import { readConfig } from '../../read-config.ts';
import { allCases, shortCases } from '../../rehearsal/cases.ts';
import { writeCertificate } from '../../rehearsal/certificate.ts';
import type { Certificate } from '../../rehearsal/certificate.ts';
import { playCase } from '../../rehearsal/rehearse.ts';
import { changeScratch, layOutScratch } from '../../rehearsal/scratch.ts';
import { openStage } from '../../rehearsal/stage.ts';
import { gatherContents, releaseId } from '../../releases/contents.ts';
import { environmentOption } from '../options.ts';
import { answer, answerJson, say } from '../output/say.ts';
import { prepare } from '../prepare.ts';

/** `windlass rehearse`: the deploy of this tree, broken in every way, in a sandbox of its own. */
export function rehearseCommand() {
  return new Command('rehearse')
    .description('break the deploy of this tree at every step and prove that it winds back')
    .addOption(environmentOption())
    .option('--short', 'one failure per step')
    .option('--only <text>', 'only the cases whose name holds this; writes no certificate')
    .option('--json', 'print the certificate')
    .action(async ({ environment, short, only, json }) => {
      const place = projectPlace();
      await prepare(place, environment);
      const site = await siteOf(place, environment);
      const form = short ? 'short' : 'full';
      const certificate = await rehearse({ place, environment, form, only });
      if (only === undefined) {
        await ensureBuckets(site);
        say(`certificate: ${await writeCertificate(site, certificate)}`);
      }
      if (json) answerJson(certificate);
      else answer(`${certificate.release}: ${summaryOf(certificate)}`);
      process.exitCode = certificate.passed ? 0 : 1;
    });
}

interface Rehearsal {
  readonly place: ReturnType<typeof projectPlace>;
  readonly environment: string;
  readonly form: Certificate['form'];
  readonly only: string | undefined;
}

async function rehearse({ place, environment, form, only }: Rehearsal): Promise<Certificate> {
  const began = Date.now();
  const config = await readConfig(place.root);
  const release = releaseId((await gatherContents(place.root, config)).files);
  const folder = join(place.home, 'rehearsal');
  await openStage(folder, join(folder, '.windlass'), environment).close(); // of a rehearsal before
  await layOutScratch(place.root, config, folder);
  const stage = openStage(folder, join(folder, '.windlass'), environment);
  try {
    say('deploying the tree into the scratch sandbox …');
    await stage.must('deploy');
    await changeScratch(folder, config);
    const cases = (form === 'short' ? shortCases() : allCases()).filter(
      ({ name }) => only === undefined || name.includes(only),
    );
    const rehearsed = [];
    for (const one of cases) {
      const played = await playCase(stage, one);
      rehearsed.push(played);
      const seconds = `${played.seconds.toFixed(1)} s`.padStart(8);
      say(`${played.passed ? '✔' : '✘'} ${one.name.padEnd(34)} ${seconds}  ${played.remark}`);
    }
    const passed = rehearsed.every((one) => one.passed);
    const seconds = Math.round((Date.now() - began) / 1000);
    const at = new Date().toISOString();
    return { version: 1, release, environment, form, at, seconds, passed, cases: rehearsed };
  } finally {
    await stage.close();
  }
}

function summaryOf({ cases, seconds, passed }: Certificate): string {
  const good = cases.filter((one) => one.passed);
  const struck = good.reduce((sum, one) => sum + one.struck, 0);
  return `${passed ? 'rehearsed' : 'NOT rehearsed'}: ${good.length} of ${cases.length} deploys wound back as they must, ${struck} failures, ${seconds} s`;
}
