import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openProject } from '../../bench/project.ts';
import type { Project } from '../../bench/project.ts';
import { siteOf } from '../../src/endpoints.ts';
import { addUser, loseSupabase, sql } from '../end-to-end/losses.ts';
import { keepElsewhere } from '../end-to-end/vault.ts';

let project: Project;

const environment = ['-e', 'production'] as const;

beforeAll(async () => {
  project = await openProject();
  await keepElsewhere(project, join(project.root, 'backup.key'));
  await project.windlass('deploy', ...environment);
  await addUser(await site());
  await project.windlass('backup', ...environment);
});

afterAll(async () => {
  await project.close();
});

// Google gives the id of a deleted project to nobody again.
it('comes back in a project of another id when its own was deleted, database and all', async () => {
  await loseSupabase(await site());
  await project.edit('windlass.yaml', 'project: wellness-production\n', 'project: wellness-two\n');
  await project.windlass('recover', ...environment, '--yes');
  expect(await sql(await site(), 'select email from auth.users')).toEqual([
    { email: 'kept@example.com' },
  ]);
  const again = await project.windlass('deploy', ...environment, '--json');
  expect(JSON.parse(again)).toMatchObject({ plan: { unchanged: true } });
});

function site() {
  const { root, home } = project;
  return siteOf({ root, home }, 'production');
}
