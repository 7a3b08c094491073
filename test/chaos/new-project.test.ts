import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openProject } from '../../bench/project.ts';
import type { Project } from '../../bench/project.ts';
import { siteOf } from '../../src/endpoints.ts';
import { loseSupabase, sql } from '../end-to-end/losses.ts';

let project: Project;

const environment = ['-e', 'production'] as const;
const addUser = `insert into auth.users (id, email)
  values ('11111111-1111-4111-8111-111111111111', 'kept@example.com')`;

beforeAll(async () => {
  project = await openProject();
  const keyFile = join(project.root, 'backup.key');
  await writeFile(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
  const id = '    project: wellness-production\n    billing';
  const vault = `    backup: { keyFile: ${keyFile}, bucket: wellness-vault, project: wellness-vault }`;
  await project.edit('windlass.yaml', id, id.replace('    billing', `${vault}\n    billing`));
  await project.windlass('deploy', ...environment);
  await sql(await site(), addUser);
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
