import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const silentMs = 300; // how soon a command must say something
const answerMs = 4000; // how long the clouds let it wait

let home = '';
let clouds: Server;

beforeAll(async () => {
  clouds = createServer((_asked, answer) => {
    setTimeout(() => answer.writeHead(404).end('{"error":{"code":404}}'), answerMs);
  });
  await new Promise<void>((ready) => {
    clouds.listen(0, '127.0.0.1', ready);
  });
  const address = clouds.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  home = await mkdtemp(join(tmpdir(), 'windlass-silence-'));
  const url = `http://127.0.0.1:${port}`;
  const book = {
    ...{ version: 1, google: url, googleToken: 'token', supabase: url, supabaseToken: 'token' },
    ...{ temporal: { address: `127.0.0.1:${port}`, ui: url, namespace: 'default' } },
    reattach: '{}',
  };
  await writeFile(join(home, 'sandbox.json'), JSON.stringify(book));
});

afterAll(async () => {
  clouds.closeAllConnections();
  clouds.close();
  await rm(home, { recursive: true, force: true });
});

/** What a command says to a pipe while the clouds take their time. */
async function said(...command: readonly string[]): Promise<string> {
  const env = {
    ...{ WINDLASS_HOME: home, WINDLASS_WORKER: 'external' },
    ...{ WINDLASS_SILENCE_MS: String(silentMs), NO_COLOR: '1' },
  };
  const main = resolve('src/cli/main.ts');
  const ended = await execa(
    process.execPath,
    [main, ...command.flatMap((one) => one.split(' ')), '-e', 'production'],
    {
      ...{ reject: false, all: true, env, timeout: 60_000 },
    },
  );
  return ended.all;
}

describe('while the clouds take their time', () => {
  it.each([['backups'], ['releases'], ['ledger'], ['history'], ['status']])(
    '`%s` says that it is still running, again and again',
    async (name) => {
      const lines = (await said(name)).split('\n').filter((line) => /still running/.test(line));
      expect(lines.length).toBeGreaterThan(2);
      expect(lines[0]).toContain(`… ${name} is still running (`);
    },
    90_000,
  );
});
