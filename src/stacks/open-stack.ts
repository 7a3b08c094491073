import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceText } from '../terraform/write-whole.ts';
import { bindWorkers } from '../background/promote.ts';
import { bindFollowers } from '../bind-traffic.ts';
import { backgroundOf } from '../config/kind.ts';
import type { ReleaseRef, StackName, Standing } from '../deploy.ts';
import { asReleased } from '../releases/as-released.ts';
import { BundledConfig, checkOutRelease } from '../releases/store.ts';
import type { Site } from '../site.ts';
import { terraformBinary } from '../terraform/binary.ts';
import { terraformEnvironment } from '../terraform/environment.ts';
import { stateName } from '../state/state-name.ts';
import { init } from '../terraform/init.ts';
import { everyRunOf } from './every-run.ts';
import { writeMovedServices } from './moved-services.ts';
import { readJson } from './read-json.ts';
import type { Mendable } from './reconcile.ts';
import { stateLock } from './state-lock.ts';
import { refuseOverrides } from './refuse-overrides.ts';
import { stackVariables } from './stack-variables.ts';

/** What a stack is planned from besides the release. */
export interface StackInputs {
  readonly release: ReleaseRef;
  readonly stack: StackName;
  readonly secretVersions: Readonly<Record<string, string>>;
  /** The standing whose leaving services and secrets stay for now. */
  readonly alongside?: Standing | null | undefined;
  /** Public services that nobody may call yet. */
  readonly closed?: readonly string[] | undefined;
}

export interface OpenStack extends Mendable {
  readonly varFile: string;
  /** The folder of this stack's run records. */
  readonly runs: string;
  /** Must have ended before a plan that will be applied: binds traffic that an apply would move. */
  readonly settle: () => Promise<void>;
}

/** Lays a stack of a release out in the run's folder and makes it ready to plan. */
export async function openStack(
  site: Site,
  runId: string,
  { release, ...inputs }: StackInputs,
  signal?: AbortSignal,
): Promise<OpenStack> {
  const at = await asReleased(site, release);
  const folder = join(site.home, 'runs', runId, `${release.id}-${inputs.stack}`);
  const ready = join(folder, 'ready');
  // An earlier attempt's terraform may still work in there: nothing is laid out twice.
  const fresh = (await readFile(ready, 'utf8').catch(() => '')) !== release.sha256;
  if (fresh) await checkOutRelease(site, release, join(folder, 'release'));
  const prefix = await stateName(at, inputs.stack);
  const opened = await describe(at, folder, { ...inputs, prefix, runId });
  await refuseOverrides(opened.place.stackDir);
  if (fresh) await init(opened.place, { bucket: site.stateBucket, prefix }, signal);
  await replaceText(ready, release.sha256);
  return opened;
}

async function describe(
  site: Site,
  folder: string,
  {
    prefix,
    ...inputs
  }: Omit<StackInputs, 'release'> & { readonly prefix: string; readonly runId: string },
): Promise<OpenStack> {
  const release = join(folder, 'release');
  const varFile = join(folder, 'release.tfvars.json');
  const variables = await stackVariables(site, release, inputs);
  await replaceText(varFile, JSON.stringify(variables, null, 2));
  const dataDir = join(folder, 'data');
  await mkdir(dataDir, { recursive: true });
  const place = {
    binary: terraformBinary(),
    stackDir: join(release, 'infra', 'stacks', inputs.stack),
    env: terraformEnvironment(process.env, dataDir, site.terraformEnv, inputs.runId),
  };
  if (inputs.stack === '20-services') {
    const { services } = await readJson(join(release, 'windlass.json'), BundledConfig);
    await writeMovedServices(place.stackDir, services);
  }
  const everyRun = () => everyRunOf(site, inputs.stack);
  const lock = stateLock(site.google, site.stateBucket, prefix);
  const settle = async () => {
    if (inputs.stack !== '20-services') return;
    await bindFollowers(site);
    await bindWorkers(site, backgroundOf(site.config.services));
  };
  const unlock = `windlass state unlock -e ${site.name} --stack ${inputs.stack}`;
  const called = { stack: inputs.stack, unlock };
  return { place, lock, everyRun, called, varFile, runs: join(folder, 'runs'), settle };
}
