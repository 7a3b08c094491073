import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// What a command loads is most of what it costs: each of these takes between 20 and 600 ms.
const heavy = [
  ...['@google-cloud/storage', '@temporalio/client', '@temporalio/worker', 'execa'],
  ...['google-auth-library', 'google-gax', 'libpg-query', 'pg', 'tar'],
];
const hook = `import { registerHooks } from 'node:module';
import { writeSync } from 'node:fs';
registerHooks({
  load(url, context, next) {
    const name = /\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url)?.[1];
    if (name) writeSync(2, 'loads ' + name + '\\n');
    return next(url, context);
  },
});`;

const main = resolve('src/cli/main.ts');
let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'windlass-loads-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** The packages that a command has loaded when it finds that no sandbox runs. */
async function loaded(command: string): Promise<readonly string[]> {
  const first = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`];
  const ended = await execa(process.execPath, [...first, main, ...command.split(' ')], {
    ...{ reject: false, env: { WINDLASS_HOME: home, WINDLASS_WORKER: 'external' } },
  });
  const lines = ended.stderr.split('\n').filter((line) => line.startsWith('loads '));
  const names = new Set(lines.map((line) => line.slice('loads '.length)));
  return heavy.filter((name) => names.has(name));
}

describe('a command loads of the large packages', () => {
  test.each(['ledger -e production', 'backups list -e production'])(
    'none where it only reads a bucket: %s',
    async (command) => {
      expect(await loaded(command)).toEqual([]);
    },
  );

  test('Temporal’s client alone where it only asks for a run', async () => {
    expect(await loaded('status -e production')).toEqual(['@temporalio/client']);
  });

  test('neither the parser nor a worker nor Google’s clients where it starts a run', async () => {
    for (const command of ['deploy -e nowhere', 'rollback -e nowhere'])
      expect(await loaded(command)).toEqual(['@temporalio/client', 'tar']);
  });
});
