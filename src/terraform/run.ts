import { spawn } from 'node:child_process';
import { assertMayWrite } from '../lease/fence.ts';
import { terraformFailure } from './classify.ts';
import { readStream } from './stream.ts';
import type { TerraformPlace } from './place.ts';

export interface TerraformOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a short Terraform command to its end and answers its output; anything that changes the
 * world goes through `superviseTerraform` instead. An abort sends one SIGINT. Throws a Failure.
 */
export async function runTerraform(
  place: TerraformPlace,
  argv: readonly string[],
  options: { readonly signal?: AbortSignal; readonly input?: string } = {},
): Promise<TerraformOutput> {
  const output = await collect(place, argv, options);
  if (output.exitCode === 0) return output;
  const { diagnostics, tail } = readStream(output.stdout, output.stderr);
  throw terraformFailure({
    command: argv[0] ?? '',
    exitCode: output.exitCode,
    diagnostics,
    tail,
    interrupted: options.signal?.aborted ?? false,
  });
}

async function collect(
  place: TerraformPlace,
  argv: readonly string[],
  options: { readonly signal?: AbortSignal; readonly input?: string },
): Promise<TerraformOutput> {
  options.signal?.throwIfAborted();
  assertMayWrite();
  // A session of its own: a Ctrl-C at the worker's terminal must not be Terraform's second one.
  const child = spawn(place.binary, argv, { cwd: place.stackDir, env: place.env, detached: true });
  const stop = (): void => void child.kill('SIGINT');
  options.signal?.addEventListener('abort', stop, { once: true });
  child.stdin.on('error', () => undefined); // it may end before it has read everything
  child.stdin.end(options.input ?? '');
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 130)));
    });
    return {
      exitCode,
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
    };
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}
