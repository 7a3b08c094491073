import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { readDockerfile } from '../../src/images/dockerfile/stages.ts';
import { startOf } from '../../src/images/dockerfile/start.ts';
import { type Background, background, freePort, untilReady } from '../setup/process.ts';
import { bytecode, samplePrograms, wellness } from './names.ts';

/** A running service of the sample. */
export interface Running {
  readonly url: string;
  readonly process: Background;
}

/** What a service is started with, besides its code. */
export interface Start {
  readonly folder: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a service by the command of its Dockerfile, secrets as files; waits for /healthz. */
export async function startService(service: string, start: Start): Promise<Running> {
  const port = await freePort();
  const mounts = join(start.folder, `secrets-${service}-${port}`);
  for (const [name, value] of Object.entries(start.secrets)) {
    await mkdir(join(mounts, name), { recursive: true });
    await writeFile(join(mounts, name, 'value'), value);
  }
  const code = join(wellness, service);
  const text = await readFile(join(code, 'Dockerfile'), 'utf8');
  const dockerfile = readDockerfile(text, { path: 'Dockerfile', target: undefined, args: {} });
  const [file = '', ...args] = startOf(dockerfile, {}).command;
  const env = {
    PATH: [samplePrograms, process.env['PATH']].join(delimiter),
    ...bytecode,
    HOST: '127.0.0.1',
    PORT: String(port),
    K_SERVICE: service,
    K_REVISION: `${service}-00001-abc`,
    SECRETS_DIR: mounts,
    ...start.env,
  };
  // Node looks the program up in our own PATH, not in the child's.
  const program = file === 'python' ? join(samplePrograms, file) : file;
  const started = background(program, args, { cwd: code, env });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(started, async () => (await fetch(`${url}/healthz`)).ok);
  return { url, process: started };
}
