import { createInterface } from 'node:readline/promises';
import { Failure } from '../failure.ts';

/** Asks a person to type `word`; without a terminal only the flag `--yes` will do. */
export async function confirm(word: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw noTerminal();
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await asking.question(`Type ${word} to go on: `).finally(() => asking.close());
  if (typed.trim() === word) return;
  throw new Failure({
    code: 'NOT_CONFIRMED',
    what: 'Nothing was done',
    why: `you typed '${typed.trim()}', not '${word}'`,
    fix: 'Run the command again when you are sure.',
  });
}

function noTerminal(): Failure {
  return new Failure({
    code: 'USAGE',
    what: 'There is nobody to ask',
    why: 'the command wants a confirmation, and its input is no terminal',
    fix: 'Add `--yes` when you are sure.',
  });
}
