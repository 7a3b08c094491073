import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import { isPackage, programCache, programFile, pythonTools } from '../program-files.ts';
import { identify, isAlive } from '../terraform/process-identity.ts';
import { createWhole } from '../terraform/write-whole.ts';
import { say } from './output/say.ts';

/** Installs Temporal, Postgres and Alembic where a package has not yet; in a checkout `make` does. */
export async function ensureTools(): Promise<void> {
  const folder = pythonTools();
  if (!isPackage || isInstalled(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  await inTurn(`${folder}.lock`, async () => {
    if (isInstalled(folder)) return;
    say(`installing Temporal, Postgres and Alembic into ${folder}, once …`);
    await install(folder);
  });
}

function isInstalled(folder: string): boolean {
  return existsSync(join(folder, '.installed'));
}

async function install(folder: string): Promise<void> {
  const { execa } = await import('execa');
  const [script, lock] = ['install.sh', 'requirements.lock'].map((name) =>
    programFile('tools', 'python', name),
  );
  const env = { WINDLASS_UV_HOME: programCache('uv') };
  const ended = await execa('sh', [script ?? '', folder, lock ?? ''], { env, reject: false });
  if (ended.exitCode === 0) return;
  throw new Failure({
    code: 'TOOLS_NOT_INSTALLED',
    what: 'The tools that Windlass needs could not be installed',
    why: ended.stderr.trim().split('\n').slice(-6).join('\n') || ended.message || 'no output',
    fix: 'Python 3.11 or newer with venv installs them (set WINDLASS_PYTHON or WINDLASS_UV to use another). Fix that, then run the command again.',
  });
}

const Holder = z.object({ pid: z.int(), started: z.string() });

/** Does work while no other process does it; a dead one does not count. */
async function inTurn(lock: string, work: () => Promise<void>): Promise<void> {
  while (!(await createWhole(lock, await identify(process.pid)))) {
    const text = await readFile(lock, 'utf8').catch(() => 'null');
    if (!(await isAlive(Holder.safeParse(JSON.parse(text)).data))) await rm(lock, { force: true });
    await pause(500);
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}
