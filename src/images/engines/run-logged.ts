import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { redactLines } from '../../redaction/redact-lines.ts';
import { Failure } from '../../failure.ts';

/** Runs a part of a build with its output in a log; BUILD_FAILED ends with the last lines. */
export async function runLogged(
  program: string,
  args: readonly string[],
  { log, what }: { readonly log: string; readonly what: string },
): Promise<void> {
  await mkdir(dirname(log), { recursive: true });
  const into = createWriteStream(log, { flags: 'a' });
  const { execa } = await import('execa');
  const running = execa(program, args, { reject: false, all: true, buffer: false });
  // A build prints what it is given: the log is a file that people send to each other.
  const logging = pipeline(running.all, redactLines(), into);
  const [{ exitCode, shortMessage }] = await Promise.all([running, logging]);
  if (exitCode === 0) return;
  throw buildFailed(what, log, (await lastLines(log)) || (shortMessage ?? 'no output'));
}

/** A build that ended with an error, and what it said at last. */
export function buildFailed(what: string, log: string, said: string): Failure {
  return new Failure({
    code: 'BUILD_FAILED',
    what,
    why: said,
    fix: `Fix the Dockerfile or what it copies; the full log is ${log}.`,
  });
}

async function lastLines(log: string): Promise<string> {
  return (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-15).join('\n');
}
