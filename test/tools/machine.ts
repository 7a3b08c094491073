import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../setup/process.ts';

const basics = ['sh', 'dirname', 'sort', 'head', 'sed', 'uname', 'printf', 'rm', 'touch', 'mkdir'];

/** A bare machine of one test: a copy of tools/ and a PATH with nothing but what the test puts there. */
export async function bareMachine(programs: Readonly<Record<string, string>>) {
  const root = await temporaryFolder('machine');
  const path = join(root, 'path');
  await mkdir(path);
  const filter = (source: string) => !/node_modules|\.venv|\.uv$/.test(source);
  await cp('tools', join(root, 'tools'), { recursive: true, filter });
  for (const name of basics) await symlink(`/usr/bin/${name}`, join(path, name));
  const add = (name: string, body: string) => program(join(root, name), body);
  for (const [name, body] of Object.entries(programs)) await add(`path/${name}`, body);
  return {
    root,
    add,
    read: (name: string) => readFile(join(root, name), 'utf8'),
    run: (script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      outcome(join(root, script), args, { PATH: path, ...env }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

async function program(file: string, body: string): Promise<void> {
  await rm(file, { force: true }); // a link leads to the real machine's own
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
}

async function outcome(file: string, args: readonly string[], env: Record<string, string>) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(file, args, { env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
