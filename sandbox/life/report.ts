import { Failure, failureLines, failureText } from '../../src/failure.ts';

/** Prints a failure as JSON on stdout and as words on stderr; answers the exit code. */
export function reportFailure(error: unknown): number {
  const text = failureText(error);
  const { code, what, why, fix } = text;
  process.stdout.write(`${JSON.stringify({ failure: { code, what, why, fix } })}\n`);
  process.stderr.write(`${failureLines(text).join('\n')}\n`);
  return error instanceof Failure ? 3 : 1;
}
