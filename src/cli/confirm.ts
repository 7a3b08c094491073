import { createInterface } from 'node:readline/promises';
import { Failure } from '../failure.ts';
import { whileAsking } from './output/pulse.ts';

/** Asks a person to type `word`; without a terminal only the flag will do. */
export async function confirm(word: string, yes: boolean, flag = '`--yes`'): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw noTerminal(flag);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await whileAsking(() => asking.question(`Type ${word} to continue: `)).finally(() =>
    asking.close(),
  );
  if (typed.trim() === word) return;
  throw new Failure({
    code: 'NOT_CONFIRMED',
    what: 'Nothing was done',
    why: `you typed '${typed.trim()}', not '${word}'`,
    fix: 'Run the command again when you are sure.',
  });
}

function noTerminal(flag: string): Failure {
  return new Failure({
    code: 'USAGE',
    what: 'Confirmation needed, but stdin is not a terminal',
    why: 'the command asks for confirmation',
    fix: `Add ${flag} when you are sure.`,
  });
}
