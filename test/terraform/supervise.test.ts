import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pulseOf } from '../../src/terraform/pulse.ts';
import { runFiles } from '../../src/terraform/run-files.ts';
import { readOrNothing, readRecord } from '../../src/terraform/run-record.ts';
import { runState } from '../../src/terraform/run-state.ts';
import { superviseTerraform } from '../../src/terraform/supervise.ts';
import type { Watch } from '../../src/terraform/supervise.ts';
import { endRun } from './workshop.ts';
import { held } from '../../src/held.ts';

// Stands for Terraform: says when it began, waits for the file `go`, counts the SIGINTs it gets.
const program = `#!/bin/sh
echo begun >> begun
trap 'echo int >> interrupts; test -e stubborn || { echo stopped; exit 1; }' INT
while ! test -e go; do sleep 0.05; done
echo '{"@message":"a.b: Creation complete","type":"apply_complete","hook":{"resource":{"addr":"a.b"}}}'
exit \${1:-0}
`;

let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'windlass-supervise-'));
  await writeFile(join(root, 'terraform'), program, { mode: 0o755 });
});

afterEach(async () => {
  await endRun(run());
  await rm(root, { recursive: true, force: true });
});

const run = (): string => join(root, 'run');
const lines = async (file: string) =>
  ((await readOrNothing(join(root, file))) ?? '').split('\n').filter(Boolean);
const go = () => writeFile(join(root, 'go'), '');

function supervised(argv: readonly string[], watch: Omit<Watch, 'runDir'> = {}) {
  const env = { PATH: process.env['PATH'] ?? '' };
  const place = { binary: join(root, 'terraform'), stackDir: root, env };
  return superviseTerraform({ place, argv, runDir: run(), ...watch });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20);
}

const begun = async () => (await lines('begun')).length > 0;
const hasTerraform = async () => (await readRecord(run()))?.terraform !== undefined;

test('an outcome is kept: the same key runs once', async () => {
  await go();
  const seen: string[] = [];
  const first = await supervised(['3'], { onProgress: ({ text }) => seen.push(text) });
  expect(first).toMatchObject({ exitCode: 3, interrupted: false });
  expect(seen).toEqual(['a.b: Creation complete']);
  expect(await supervised(['3'])).toMatchObject({ exitCode: 3 });
  expect(await lines('begun')).toHaveLength(1);
});

test('two callers of one key share one Terraform', async () => {
  expect(await runState(run())).toBe('none');
  const both = held(Promise.all([supervised(['0']), supervised(['0'])]));
  await until(begun);
  expect(await runState(run())).toBe('running');
  await go();
  expect((await both).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(await lines('begun')).toHaveLength(1);
});

test('one key cannot run two commands', async () => {
  await go();
  await supervised(['0']);
  expect(await runState(run())).toBe('ended');
  await expect(supervised(['1'])).rejects.toMatchObject({ code: 'TERRAFORM_RUN_MIXED_UP' });
});

test('Terraform survives the SIGKILL of its worker and is adopted by the next one', async () => {
  const worker = spawn(process.execPath, ['--input-type=module', '-e', workerText()], {
    stdio: 'inherit',
  });
  await until(hasTerraform);
  await until(begun);
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  const adopted = held(supervised(['0']));
  await go();
  expect(await adopted).toMatchObject({ exitCode: 0 });
  expect(await lines('begun')).toHaveLength(1);
});

test('a worker that leaves lets Terraform go on', async () => {
  const leave = new AbortController();
  const watching = held(supervised(['0'], { leave: leave.signal }));
  await until(begun);
  leave.abort();
  await expect(watching).rejects.toMatchObject({ code: 'TERRAFORM_STILL_RUNS', class: 'retry' });
  await go();
  expect(await supervised(['0'])).toMatchObject({ exitCode: 0 });
  expect(await lines('interrupts')).toEqual([]);
});

test('an abort is one SIGINT, also when two watchers ask for it', async () => {
  const stop = new AbortController();
  const both = held(
    Promise.all([
      supervised(['0'], { signal: stop.signal }),
      supervised(['0'], { signal: stop.signal }),
    ]),
  );
  await writeFile(join(root, 'stubborn'), '');
  await until(begun);
  await until(hasTerraform);
  stop.abort();
  await until(async () => (await lines('interrupts')).length > 0);
  await pause(300); // room for a second one
  await go();
  expect(await both).toMatchObject([{ interrupted: true }, { interrupted: true }]);
  expect(await lines('interrupts')).toHaveLength(1);
});

test('Terraform that does not stop is killed after the grace, and that is recorded', async () => {
  await writeFile(join(root, 'stubborn'), '');
  const stop = new AbortController();
  const watching = held(supervised(['0'], { signal: stop.signal, graceMs: 100 }));
  await until(begun);
  await until(hasTerraform);
  stop.abort();
  expect(await watching).toMatchObject({ exitCode: 137, interrupted: true });
});

test('a run whose processes were killed is lost, never begun again', async () => {
  const failed = supervised(['0']).catch((error: unknown) => error);
  await until(hasTerraform);
  await until(begun);
  await endRun(run());
  expect(await failed).toMatchObject({ code: 'TERRAFORM_LOST', class: 'reconcile' });
  expect(await runState(run())).toBe('lost');
  await expect(supervised(['0'])).rejects.toMatchObject({ code: 'TERRAFORM_LOST' });
  expect(await lines('begun')).toHaveLength(1);
});

test('Terraform whose supervisor was killed is waited for, and its outcome is unknown', async () => {
  const failed = supervised(['0']).catch((error: unknown) => error);
  await until(hasTerraform);
  await until(begun);
  process.kill((await readRecord(run()))?.supervisor.pid ?? 0, 'SIGKILL');
  await go();
  expect(await failed).toMatchObject({ code: 'TERRAFORM_LOST' });
  expect(await readOrNothing(runFiles(run()).stdout)).toContain('Creation complete');
});

test('a Terraform that does not exist is an outcome, not a hang', async () => {
  await rm(join(root, 'terraform'));
  expect(await supervised(['0'])).toMatchObject({
    exitCode: 127,
    tail: [expect.stringContaining('ENOENT')],
  });
});

test('no credential is written to the run’s folder, and only its owner can read it', async () => {
  await go();
  const env = { PATH: process.env['PATH'] ?? '', GOOGLE_OAUTH_ACCESS_TOKEN: 'very-secret' };
  const place = { binary: join(root, 'terraform'), stackDir: root, env };
  await superviseTerraform({ place, argv: ['0'], runDir: run() });
  for (const file of [runFiles(run()).record, runFiles(run()).outcome])
    expect(await readFile(file, 'utf8')).not.toContain('very-secret');
});

function workerText(): string {
  const supervise = fileURLToPath(new URL('../../src/terraform/supervise.ts', import.meta.url));
  const options = {
    place: { binary: join(root, 'terraform'), stackDir: root, env: { PATH: process.env['PATH'] } },
    argv: ['0'],
    runDir: run(),
  };
  return `import { superviseTerraform } from ${JSON.stringify(supervise)};
await superviseTerraform(${JSON.stringify(options)});`;
}

test('its pulse beats while it runs and stands still after a kill', async () => {
  const running = held(supervised([]));
  await until(hasTerraform);
  expect(await pulseOf(run())).toBe('beats');
  await endRun(run());
  expect(await pulseOf(run())).toBe('still');
  await expect(running).rejects.toMatchObject({ code: 'TERRAFORM_LOST' });
});
