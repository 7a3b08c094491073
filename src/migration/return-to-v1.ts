import { cp, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { deleteService } from '../gcp/delete-service.ts';
import { removeObject } from '../gcp/object-changes.ts';
import { statObject } from '../gcp/objects.ts';
import { readServices } from '../gcp/run.ts';
import { programFile } from '../program-files.ts';
import { isOfEnvironment } from '../services-of-environment.ts';
import type { Site } from '../site.ts';
import { converge } from '../stacks/apply-stack.ts';
import type { OpenStack } from '../stacks/open-stack.ts';
import { terraformEnvironment } from '../terraform/environment.ts';
import { init } from '../terraform/init.ts';
import { openRunning } from './open-running.ts';
import { stateName } from '../state/state-name.ts';
import { stateObject } from '../state/state-object.ts';

const fixture = programFile('sandbox/fixtures/20-services-v1');
const stack = '20-services';

/**
 * The sandbox's fixture for `windlass migrate-v1`: the services of an environment are made anew
 * through Cloud Run's API v1, with the images and secrets that run now. Never in a cloud: it deletes
 * them first. Returns their names.
 */
export async function returnToV1(site: Site, runId: string): Promise<readonly string[]> {
  if (site.environment.target !== 'sandbox') throw onlyInTheSandbox(site.name);
  const own = (await readServices(site.google)).filter((service) => isOfEnvironment(site, service));
  const names = own.map(({ name }) => name);
  if (names.length === 0) throw nothingRuns(site.name);
  const running = await openRunning(site, runId, names);
  const old = await openFixture(site, running);
  for (const name of names) await deleteService(site.google, name);
  await forgetState(site);
  await converge(old, {});
  return names;
}

/** The old stack with the variables of the running one, on the same state. */
async function openFixture(site: Site, running: OpenStack): Promise<OpenStack> {
  const folder = `${resolve(running.runs, '..')}-v1`;
  const stackDir = join(folder, 'stack');
  await rm(folder, { recursive: true, force: true });
  await cp(fixture, stackDir, { recursive: true });
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  const env = terraformEnvironment(process.env, dataDir, site.terraformEnv);
  const place = { ...running.place, stackDir, env };
  await init(place, { bucket: site.stateBucket, prefix: await stateName(site, stack) });
  return { ...running, place, runs: join(folder, 'runs') };
}

async function forgetState(site: Site): Promise<void> {
  const ref = await stateObject(site, stack);
  const stored = await statObject(site.google, ref);
  if (stored) await removeObject(site.google, { ...ref, generation: stored.generation });
}

function onlyInTheSandbox(name: string): Failure {
  return new Failure({
    code: 'SANDBOX_ONLY',
    what: `${name} is in the cloud, where nothing is recreated on API v1`,
    why: 'The fixture deletes the services and creates them again.',
    fix: 'Try it on an environment with `target: sandbox`.',
  });
}

function nothingRuns(name: string): Failure {
  return new Failure({
    code: 'NOTHING_RUNS',
    what: `No service runs in ${name}`,
    why: 'The fixture takes over the images and secrets of running services.',
    fix: `Run \`make ${name}-deploy\` first.`,
  });
}
