import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseRef, StackName } from '../deploy.ts';
import { BundledConfig, BundledImages, checkOutRelease } from '../releases/store.ts';
import type { Site } from '../site.ts';
import { terraformEnvironment } from '../terraform/environment.ts';
import { init } from '../terraform/init.ts';
import { foundationVariables, servicesVariables } from '../terraform/variables.ts';
import { imageReferences } from './images.ts';
import { everyRunOf } from './every-run.ts';
import { readJson } from './read-json.ts';
import type { Mendable } from './reconcile.ts';
import { stateLock } from './state-lock.ts';
import { refuseOverrides } from './refuse-overrides.ts';

/** What a stack is planned from besides the release. */
export interface StackInputs {
  readonly release: ReleaseRef;
  readonly stack: StackName;
  readonly secretVersions: Readonly<Record<string, string>>;
}

export interface OpenStack extends Mendable {
  readonly varFile: string;
  /** The folder of this stack's run records. */
  readonly runs: string;
}

/** Lays a stack of a release out in the run's folder and makes it ready to plan. */
export async function openStack(
  site: Site,
  runId: string,
  { release, stack, secretVersions }: StackInputs,
  signal?: AbortSignal,
): Promise<OpenStack> {
  const folder = join(site.home, 'runs', runId, `${release.id}-${stack}`);
  const ready = join(folder, 'ready');
  // An earlier attempt's terraform may still work in there: nothing is laid out twice.
  const fresh = (await readFile(ready, 'utf8').catch(() => '')) !== release.sha256;
  if (fresh) await checkOutRelease(site, release, join(folder, 'release'));
  const opened = await describe(site, folder, { stack, secretVersions });
  await refuseOverrides(opened.place.stackDir);
  if (fresh) await init(opened.place, { bucket: site.stateBucket, prefix: stack }, signal);
  await writeFile(ready, release.sha256);
  return opened;
}

async function describe(
  site: Site,
  folder: string,
  inputs: Pick<StackInputs, 'stack' | 'secretVersions'>,
): Promise<OpenStack> {
  const release = join(folder, 'release');
  const varFile = join(folder, 'release.tfvars.json');
  await writeFile(varFile, JSON.stringify(await variablesOf(site, release, inputs), null, 2));
  const dataDir = join(folder, 'data');
  await mkdir(dataDir, { recursive: true });
  const place = {
    binary: process.env['WINDLASS_TERRAFORM'] ?? 'terraform',
    stackDir: join(release, 'infra', 'stacks', inputs.stack),
    env: terraformEnvironment(process.env, dataDir, site.terraformEnv),
  };
  const everyRun = () => everyRunOf(site, inputs.stack);
  const lock = stateLock(site.google, site.stateBucket, inputs.stack);
  return { place, lock, everyRun, varFile, runs: join(folder, 'runs') };
}

async function variablesOf(
  site: Site,
  release: string,
  { stack, secretVersions }: Pick<StackInputs, 'stack' | 'secretVersions'>,
): Promise<object> {
  const { services } = await readJson(join(release, 'windlass.json'), BundledConfig);
  const { project, billingAccount, budgetEmail } = site.environment;
  const environment = {
    name: site.name,
    project,
    region: site.config.region,
    billingAccount,
    budgetEmail,
  };
  const repository = site.config.name;
  if (stack === '10-foundation') return foundationVariables({ environment, services, repository });
  const digests = await readJson(join(release, 'images.json'), BundledImages);
  const images = imageReferences(site, digests);
  return servicesVariables({
    environment,
    services,
    images,
    secretVersions,
    deletionProtection: true,
  });
}
