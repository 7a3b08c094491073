import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceText } from '../terraform/write-whole.ts';
import { databaseServices } from '../services.ts';
import type { ReleaseRef } from '../deploy.ts';
import type { Site } from '../site.ts';
import { readJson } from '../stacks/read-json.ts';
import { BundledConfig, checkOutRelease } from './store.ts';

/** A release laid out on this machine, once per run; the folder. */
export async function releaseFolder(
  site: Site,
  runId: string,
  release: ReleaseRef,
): Promise<string> {
  const folder = join(site.home, 'runs', runId, release.id);
  const ready = `${folder}.ready`;
  if ((await readFile(ready, 'utf8').catch(() => '')) === release.sha256) return folder;
  await checkOutRelease(site, release, folder);
  await replaceText(ready, release.sha256);
  return folder;
}

/** The folder of every service's migrations in a release. */
export async function migrationFolders(folder: string): Promise<Readonly<Record<string, string>>> {
  const config = await readJson(join(folder, 'windlass.json'), BundledConfig);
  return Object.fromEntries(
    databaseServices(config).map((service) => [service, join(folder, 'migrations', service)]),
  );
}
