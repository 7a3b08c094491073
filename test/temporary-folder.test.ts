import { spawnSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweepTemporaryFolders } from '../src/temporary-folder.ts';
import { temporaryFolder } from './setup/process.ts';

const source = join(import.meta.dirname, '..', 'src', 'temporary-folder.ts');

it('removes what a killed process left, wherever its number is used again, and no living one’s', async () => {
  const home = await temporaryFolder('sweep');
  const script = `const { temporaryFolder } = await import(${JSON.stringify(source)});
    await temporaryFolder('pgpass'); process.kill(process.pid, 'SIGKILL');`;
  const env = { ...process.env, WINDLASS_HOME: home };
  spawnSync(process.execPath, ['--input-type=module', '-e', script], { env });
  const left = await readdir(join(home, 'tmp'));
  expect(left).toEqual([expect.stringMatching(/^pgpass-\d+-\d+-\w{6}$/)]);
  await mkdir(join(home, 'tmp', `pgpass-${process.pid}-1-abcdef`)); // our number, another start
  const { started } = (await import('../src/terraform/process-identity.ts').then((m) =>
    m.identify(process.pid),
  )) ?? { started: '' };
  await mkdir(join(home, 'tmp', `pgpass-${process.pid}-${started}-abcdef`));
  const old = join(tmpdir(), 'windlass-pgpass-999999999-abcdef');
  await mkdir(old, { recursive: true });
  expect(await sweepTemporaryFolders(home)).toBe(3);
  expect(await readdir(join(home, 'tmp'))).toEqual([`pgpass-${process.pid}-${started}-abcdef`]);
});
