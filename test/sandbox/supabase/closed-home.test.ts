import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStandIn, readyProject } from './stand-in.ts';

it('runs Postgres below a home that only its owner may enter', async () => {
  // mkdtemp makes a 0700 folder; as root, Postgres runs as a user who is not its owner.
  const home = await mkdtemp(join(tmpdir(), 'windlass-home-'));
  expect((await stat(home)).mode & 0o777).toBe(0o700);
  await using standIn = await openStandIn(home);
  const project = await readyProject(standIn.api);
  const owner = (await stat(join(home, 'world/supabase', project.ref, 'data'))).uid;
  expect(owner === 0).toBe(false);
  expect((await project.sql('select 1 as one')).body).toEqual([{ one: 1 }]);
});
