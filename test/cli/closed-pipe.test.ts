import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../setup/process.ts';

const run = promisify(execFile);
const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

/** The exit code of a command whose answers nobody reads. */
async function unread(command: string, env: NodeJS.ProcessEnv = {}): Promise<number> {
  const script = `node ${main} ${command} 2>/dev/null | head -c 0; echo \${PIPESTATUS[0]}`;
  const { stdout } = await run('bash', ['-c', script], { env: { ...process.env, ...env } });
  return Number(stdout);
}

it('ends with its own exit code though nobody reads its answer', { timeout: 180_000 }, async () => {
  const env = { WINDLASS_HOME: await temporaryFolder('pipe') };
  expect(await unread('sandbox status', env)).toBe(0);
  expect(await unread('ledger -e nope', env)).toBe(2);
  expect(await unread('--help', env)).toBe(0);
});
