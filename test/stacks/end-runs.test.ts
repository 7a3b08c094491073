import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { endRuns } from '../../src/stacks/end-runs.ts';
import { identify } from '../../src/terraform/process-identity.ts';
import { readOutcome, readRecord } from '../../src/terraform/run-record.ts';
import { superviseTerraform } from '../../src/terraform/supervise.ts';
import { held } from '../../src/held.ts';
import { temporaryFolder } from '../setup/process.ts';
import { endRun } from '../terraform/workshop.ts';

// Stands for Terraform: one that stops when it is asked to, and one that does not hear.
const program = `#!/bin/sh
trap 'echo int >> interrupts; test -n "$1" || exit 1' INT
while :; do sleep 0.05; done
`;

it('stops every terraform of a home by one SIGINT and waits for it; the deaf are killed', async () => {
  const home = await temporaryFolder('end');
  await writeFile(join(home, 'terraform'), program, { mode: 0o755 });
  const place = { binary: join(home, 'terraform'), stackDir: home, env: { PATH: '/bin:/usr/bin' } };
  const folder = (run: string): string =>
    join(home, 'runs', run, 'r-1-20-services', 'runs', 'apply-1');
  for (const [run, argv] of [
    ['good', []],
    ['deaf', ['deaf']],
  ] as const) {
    onTestFinished(() => endRun(folder(run)));
    void held(superviseTerraform({ place, argv, runDir: folder(run) }));
    while ((await readRecord(folder(run)))?.terraform === undefined) await pause(20);
  }
  await pause(200); // until the traps are set
  const records = await Promise.all(['good', 'deaf'].map((run) => readRecord(folder(run))));
  expect(await endRuns(home, 1500)).toBe(2);
  expect((await readOutcome(folder('good')))?.interrupted).toBe(true);
  expect((await readFile(join(home, 'interrupts'), 'utf8')).trim()).toBe('int\nint');
  for (const record of records)
    for (const one of [record?.supervisor, record?.terraform])
      await expect.poll(() => identify(one?.pid ?? 0)).toBeUndefined();
  expect(await endRuns(home)).toBe(0);
});
