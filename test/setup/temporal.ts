import { resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { tethered } from '../../sandbox/supabase/run-as.ts';
import { background, freePort, untilReady } from './process.ts';

const searchAttributes = ['Environment=Keyword', 'Phase=Keyword', 'Release=Keyword'];

// One environment is one workflow id, so whole deploys side by side need a namespace each.
// `other-…`: a Temporal that knows nothing of what a lane's knows; `untouched`: one file's alone.
const lanes = ['lane-1', 'lane-2', 'other-1', 'other-2', 'untouched', 'looked-at'];

/**
 * Starts a Temporal dev server with an empty database in memory; it ends with us. It takes ports of its
 * own beside ours, and somebody else may be faster.
 */
export async function startTemporal() {
  for (let left = 2; left > 0; left -= 1) {
    const server = await start().catch(() => undefined);
    if (server) return server;
  }
  return start();
}

async function start() {
  const program = process.env['WINDLASS_TEMPORAL'] ?? resolve('tools/python/.venv/bin/temporal');
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const command = tethered(program, [
    ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)],
    ...['--log-level', 'error', '--ui-disable-news-fetch'],
    ...lanes.flatMap((lane) => ['--namespace', lane]),
    ...searchAttributes.flatMap((attribute) => ['--search-attribute', attribute]),
  ]);
  const server = background(command.file, command.args);
  await untilReady(server, () => answers(address));
  return { address, stop: () => server.stop() };
}

async function answers(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: 1000 });
  try {
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    return true;
  } finally {
    await connection.close();
  }
}
