import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { projectPlace } from '../../place.ts';
import { ensureBuckets } from '../../planning/ensure-buckets.ts';
import { environmentOf, readConfig } from '../../config/read-config.ts';
import { allCases, shortCases } from '../../rehearsal/cases.ts';
import { writeCertificate } from '../../rehearsal/certificate.ts';
import type { Certificate } from '../../rehearsal/certificate.ts';
import { rehearse } from '../../rehearsal/rehearse.ts';
import { localBuilds } from '../../images/local-builds.ts';
import { rehearsedSteps } from '../../rehearsal/steps.ts';
import { legend, lineOf, loadLine, summaryOf, tableOf } from '../../rehearsal/table.ts';
import { gatherContents, releaseId } from '../../releases/contents.ts';
import { environmentOption } from '../options.ts';
import { answer, answerJson, say } from '../output/say.ts';
import { preflight } from '../../doctor/preflight.ts';
import { sandboxUp } from '../sandbox-process.ts';
import { untilInterrupted } from '../until-interrupted.ts';

/** `windlass rehearse`: the deploy of this tree, broken in every way, in sandboxes of its own. */
export function rehearseCommand() {
  return new Command('rehearse')
    .description('break the deploy of this tree at every step and prove that it rolls back')
    .addOption(environmentOption())
    .option('--short', 'a few deploys that break every step once')
    .addOption(onlyOption())
    .addOption(lanesOption())
    .option('--json', 'print the certificate')
    .action(async ({ json, ...asked }) => {
      const certificate = await untilInterrupted((signal) => broken({ ...asked, signal }));
      if (json) answerJson(certificate);
      else for (const line of [...tableOf(certificate), '', ...legend]) answer(line);
      if (asked.only.length === 0) await keep(asked.environment, certificate);
      say(loadLine(certificate));
      say(summaryOf(certificate));
      process.exitCode = certificate.passed ? 0 : 1;
    });
}

function onlyOption() {
  const none: readonly string[] = [];
  return new Option('--only <step>', 'only this step, no certificate; repeatable')
    .default(none, 'all')
    .argParser((step: string, before: readonly string[]) => {
      if (rehearsedSteps.some(({ id }) => id === step)) return [...before, step];
      const steps = rehearsedSteps.map(({ id }) => id).join(', ');
      throw new InvalidArgumentError(`Name one of ${steps}.`);
    });
}

function lanesOption() {
  return new Option(
    '--lanes <count>',
    'parallel scratch sandboxes; 2, and 1 for --short',
  ).argParser((text: string) => {
    if (/^[1-9]$/.test(text)) return Number(text);
    throw new InvalidArgumentError('Use a number from 1 to 9.');
  });
}

interface Asked {
  readonly environment: string;
  readonly short?: true | undefined;
  readonly only: readonly string[];
  readonly lanes?: number | undefined;
  readonly signal: AbortSignal;
}

async function broken({ environment, short, only, lanes, signal }: Asked): Promise<Certificate> {
  const began = Date.now();
  const { root, home } = projectPlace();
  const config = await readConfig(root);
  const { target } = environmentOf(config, environment);
  await preflight();
  const room = { environment, target, local: localBuilds(home), logs: join(home, 'log', 'build') };
  const contents = await gatherContents(root, config, { ...room, tell: say });
  const release = releaseId(contents.files);
  const cases = short ? shortCases() : allCases(only);
  say(`${release}: ${cases.length} deploys to break; deploying it into a scratch sandbox first …`);
  const logs = join(home, 'log', 'rehearsal');
  const rehearsed = await rehearse({
    ...{ root, config, environment, signal, cases, logs },
    scratch: join(home, 'rehearsal'),
    lanes: lanes ?? (short ? 1 : 2),
    onReady: () =>
      say(
        `the tree is deployed in a scratch sandbox after ${secondsSince(began)} s; simulated users read and write`,
      ),
    onPlayed: (one) => say(lineOf(one)),
  });
  const passed = rehearsed.every((one) => one.passed);
  if (!passed) say(`logs of the failed ones: ${logs}`);
  const at = new Date().toISOString();
  const [form, seconds] = [short ? 'short' : 'full', secondsSince(began)] as const;
  return { version: 1, release, environment, form, at, seconds, passed, cases: rehearsed };
}

function secondsSince(began: number): number {
  return Math.round((Date.now() - began) / 1000);
}

/** Writes the certificate where the environment's releases are. */
async function keep(environment: string, certificate: Certificate): Promise<void> {
  const place = projectPlace();
  const config = await readConfig(place.root);
  if (environmentOf(config, environment).target === 'sandbox') await sandboxUp(place, config);
  const site = await siteOf(place, environment);
  await ensureBuckets(site);
  say(`certificate: ${await writeCertificate(site, certificate)}`);
}
