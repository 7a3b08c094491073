import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import { readServices } from '../../src/gcp/run.ts';
import { requireDatabase } from '../../src/site-database.ts';
import { lane } from './lane.ts';
import { refOf } from './losses.ts';
import { openRig, rigAt } from './rig.ts';
import type { Rig, RigOptions } from './rig.ts';
import { ensureBundle } from './workflow-bundle.ts';

/**
 * A rig whose production stands. The first of its lane deploys it for real; those that come after
 * stand on a copy of all that it left on disk, at the same path and the same addresses.
 */
export async function openDeployedRig(options: Pick<RigOptions, 'env' | 'few'> = {}): Promise<Rig> {
  const folder = join(inject('folder'), lane);
  const of = options.few === true ? 'few' : 'all';
  const places = { root: join(folder, `project-${of}`), kept: join(folder, `deployed-${of}`) };
  const known = await readFile(`${places.kept}.json`, 'utf8').catch(() => undefined);
  if (known === undefined) return deployAndKeep(places, options);
  await ensureBundle();
  await copy(places.kept, places.root);
  const rig = rigAt(places.root, options);
  await must(rig, 'sandbox', 'up');
  if ((await addressesOf(rig)) === known) return rig;
  await rig.close(); // somebody else has one of its ports now, and states and secrets name them
  return deployAndKeep(places, options);
}

interface Places {
  readonly root: string;
  readonly kept: string;
}

async function deployAndKeep(
  { root, kept }: Places,
  options: Pick<RigOptions, 'env' | 'few'>,
): Promise<Rig> {
  await mkdir(join(root, '..'), { recursive: true });
  const rig = await openRig({ root, ...options });
  await must(rig, 'deploy', '-e', 'production');
  const addresses = await addressesOf(rig);
  await must(rig, 'sandbox', 'down');
  await rm(kept, { recursive: true, force: true });
  await copy(root, kept);
  await writeFile(`${kept}.json`, addresses);
  await must(rig, 'sandbox', 'up');
  return rig;
}

/** With owners and modes: the database's own user must find its files as they were. */
async function copy(from: string, to: string): Promise<void> {
  await execa('cp', ['-a', from, to]);
}

/** Every address that states, secrets and services know each other by. */
async function addressesOf(rig: Rig): Promise<string> {
  const { google, supabase } = await rig.book();
  const site = await rig.site();
  const { host, port } = await requireDatabase(site);
  const services = (await readServices(site.google)).map(({ uri }) => uri);
  const project = await site.supabase.projectUrl(await refOf(site));
  return JSON.stringify([google, supabase, host, port, project, ...services]);
}

async function must(rig: Rig, ...args: readonly string[]): Promise<void> {
  const ended = await rig.windlass(...args);
  if (ended.exitCode !== 0) throw new Error(`windlass ${args.join(' ')}: ${ended.all}`);
}
