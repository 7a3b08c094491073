import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { z } from 'zod';

type Variables = Readonly<Record<string, string | undefined>>;

/** A worker and its process id, which is what Temporal knows it by. */
export interface OwnWorker {
  readonly child: ChildProcess;
  readonly pid: number;
}

/** The compose worker without its container: the same command, its variables and no others. */
export async function startAsComposed(rig: Variables, own: Variables): Promise<OwnWorker> {
  const Worker = z.object({
    command: z.array(z.string()),
    environment: z.record(z.string(), z.string()),
  });
  const Compose = z.object({ services: z.object({ worker: Worker }) });
  const text = await readFile('docker-compose.yml', 'utf8');
  const { command, environment } = Compose.parse(parse(text, { merge: true })).services.worker;
  const here: Variables = {
    ...rig,
    ...own,
    LOG_LEVEL: 'info',
    WINDLASS_CODEC_KEY_FILE: undefined, // the rig's Temporal is in clear
  };
  const names = [...Object.keys(environment), 'WINDLASS_WORKFLOW_BUNDLE'];
  const env = Object.fromEntries(names.map((name) => [name, here[name]]));
  return startWorker(
    command.map((word) => word.replace(/^\/app\//, `${resolve('.')}/`)),
    env,
  );
}

/** Starts a worker by its command; ready when it says so. */
export async function startWorker(
  [program = '', ...args]: readonly string[],
  variables: Variables,
): Promise<OwnWorker> {
  const { PATH, HOME } = process.env;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH, HOME, ...variables },
  });
  const { pid } = await new Promise<{ readonly pid: number }>((ready, fail) => {
    child.once('exit', (code) => fail(new Error(`the worker ended with ${code}`)));
    createInterface(child.stdout).on('line', (line) => {
      const said = Line.safeParse(JSON.parse(line)).data;
      if (said?.msg === 'worker is ready') ready(said);
    });
  });
  return { child, pid };
}

const Line = z.object({ msg: z.string(), pid: z.int() });

/** Ends it, and waits for its end. */
export async function stopOwn({ child }: OwnWorker): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
