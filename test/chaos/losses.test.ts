import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openProject } from '../../bench/project.ts';
import type { Project } from '../../bench/project.ts';
import { siteOf } from '../../src/endpoints.ts';
import { worldFingerprint } from '../../src/fingerprint/world.ts';
import type { Site } from '../../src/site.ts';
import { lasting } from '../end-to-end/lasting.ts';
import { loseProject } from '../end-to-end/lose-project.ts';
import {
  addUser,
  corruptState,
  loseService,
  loseState,
  loseSupabase,
  restoreOldest,
  sql,
} from '../end-to-end/losses.ts';

let project: Project;
let recorded: readonly string[];

const environment = ['-e', 'production'] as const;
const users = 'select email from auth.users';

beforeAll(async () => {
  project = await openProject();
  await project.windlass('deploy', ...environment);
  await addUser(await site());
  await project.windlass('backup', ...environment);
  recorded = await fingerprint();
});

afterAll(async () => {
  await project.close();
});

type Loss = (site: Site) => Promise<void>;

const losses: Readonly<Record<string, Loss>> = {
  'a service': (at) => loseService(at, 'meals'),
  'the foundation’s state, corrupted': (at) => corruptState(at, '10-foundation'),
  'the services’ state, corrupted': (at) => corruptState(at, '20-services'),
  'the foundation’s state': (at) => loseState(at, '10-foundation'),
  'the services’ state': (at) => loseState(at, '20-services'),
  'the foundation’s newest state, an older one in its place': (at) =>
    restoreOldest(at, '10-foundation'),
  'the services’ newest state, an older one in its place': (at) => restoreOldest(at, '20-services'),
  'Temporal’s database': loseTemporal,
  'the Supabase project': loseSupabase,
  'all that is in the Google project but the backups': (at) =>
    loseProject(at, { keep: at.releaseBucket }),
  'everything but the backups': async (at) => {
    await corruptState(at, '10-foundation');
    await loseSupabase(at);
    await loseProject(at, { keep: at.releaseBucket });
    await loseTemporal();
    await rm(join(project.home, 'runs'), { recursive: true, force: true });
  },
};

it.each(Object.entries(losses))('comes back as it was after losing %s', async (_what, lose) => {
  await lose(await site());
  await project.windlass('recover', ...environment, '--yes');
  expect(await fingerprint()).toEqual(recorded);
  expect(await sql(await site(), users)).toEqual([{ email: 'kept@example.com' }]);
});

async function site(): Promise<Site> {
  const { root, home } = project;
  return siteOf({ root, home }, 'production');
}

async function fingerprint(): Promise<readonly string[]> {
  return lasting((await worldFingerprint(await site())).lines);
}

async function loseTemporal(): Promise<void> {
  await project.windlass('sandbox', 'down');
  const files = (await readdir(project.home)).filter((name) => name.startsWith('temporal-'));
  expect(files).not.toEqual([]);
  for (const name of files) await rm(join(project.home, name));
  await project.windlass('sandbox', 'up');
}
