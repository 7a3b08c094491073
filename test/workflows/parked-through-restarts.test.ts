import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { expect, test, vi } from 'vitest';
import { tethered } from '../../sandbox/supabase/run-as.ts';
import { background, freePort, temporaryFolder, untilReady } from '../setup/process.ts';
import { broken, openStage } from './stage.ts';

const attributes = ['Environment=Keyword', 'Phase=Keyword', 'Release=Keyword'];

/** A Temporal server whose database is a file: what it knows outlives it. */
async function startServer(file: string, port: number) {
  const program = process.env['WINDLASS_TEMPORAL'] ?? resolve('tools/python/.venv/bin/temporal');
  const command = tethered(program, [
    ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)],
    ...['--log-level', 'error', '--db-filename', file],
    ...attributes.flatMap((attribute) => ['--search-attribute', attribute]),
  ]);
  const server = background(command.file, command.args);
  await untilReady(server, async () => {
    const connection = await Connection.connect({ address: `127.0.0.1:${port}` });
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    await connection.close();
    return true;
  });
  return server;
}

test('a parked undo survives the end of the server; the later undos still run, in order', async () => {
  const folder = await temporaryFolder('parked');
  const port = await freePort();
  const file = join(folder, 'temporal.db');
  let server = await startServer(file, port);
  const stage = await openStage(`127.0.0.1:${port}`);
  try {
    const play = await stage.begin('deploy', {
      promote: () => {
        throw broken('promote broke');
      },
      downgrade: () => {
        throw broken('no way down');
      },
    });
    const parked = async (): Promise<boolean> =>
      (await play.report().catch(() => undefined))?.parkedAt === 'migrate';
    await vi.waitUntil(parked, 30_000);
    await server.stop();
    server = await startServer(file, port);
    await vi.waitUntil(parked, 30_000);
    expect((await play.report()).outcome).toBe('parked');
    const { searchAttributes } = await play.handle.describe();
    expect(searchAttributes['Phase']).toEqual(['parked:migrate']);
    const said = { step: 'migrate', verdict: { action: 'skip', reason: 'by a test' }, actor: 'me' };
    await play.handle.executeUpdate('undo', { args: [said] });
    expect(await play.end()).toBe('LeftBehind');
    expect((await play.report()).left).toMatchObject([{ step: 'migrate', reason: 'by a test' }]);
    const later = play.calls.slice(play.calls.indexOf('downgrade') + 1);
    expect(later.filter((name) => /^(withdraw|restore|undo)/.test(name))).toEqual([
      'withdrawSecrets',
      'restoreSupabase',
      'undoFoundation',
    ]);
  } finally {
    await stage.leave();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
