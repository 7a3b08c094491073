import { spawn } from 'node:child_process';
import { glob, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveProvider } from '../../sandbox/provider/serve.ts';
import { terraformEnvironment } from '../../src/terraform/environment.ts';
import { readStream } from '../../src/terraform/stream.ts';

const infra = fileURLToPath(new URL('../../infra', import.meta.url));
const rooms = (await found('*/*/tests')).map((folder) => dirname(folder)).sort();

let folder = '';
let provider: Awaited<ReturnType<typeof serveProvider>> | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'windlass-infra-'));
  provider = await serveProvider({ socket: join(folder, 'p.sock'), env: {} });
});

afterAll(async () => {
  await provider?.close();
  await rm(folder, { recursive: true, force: true });
});

test('every module and stack has tests', async () => {
  expect(rooms).toEqual((await found('{modules,stacks}/*')).sort());
});

test.each(rooms)('`terraform test` passes in %s', async (room) => {
  const init = await terraform(room, ['init', '-backend=false', '-input=false', '-no-color']);
  expect(init).toMatchObject({ code: 0 });
  const { code, output } = await terraform(room, ['test', '-json']);
  const { diagnostics, tail } = readStream(output);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(tail.at(-1)).toMatch(/^Success! [1-9]\d* passed, 0 failed/);
  expect(code).toBe(0);
});

async function found(pattern: string): Promise<string[]> {
  const names: string[] = [];
  for await (const name of glob(pattern, { cwd: infra })) names.push(name);
  return names;
}

function terraform(room: string, argv: readonly string[]) {
  const doors = { TF_REATTACH_PROVIDERS: provider?.reattach ?? '' };
  const env = terraformEnvironment(process.env, join(folder, room), doors);
  return new Promise<{ readonly code: number | null; readonly output: string }>((resolve) => {
    const child = spawn('terraform', argv, { cwd: join(infra, room), env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('close', (code) => resolve({ code, output }));
  });
}
