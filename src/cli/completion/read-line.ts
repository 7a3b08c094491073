import type { CommandUnknownOpts } from '@commander-js/extra-typings';

type Flag = CommandUnknownOpts['options'][number];

/** How far a line has come within a command. */
interface Reading {
  /** The command, or the one below it, that the words belong to. */
  readonly below: CommandUnknownOpts;
  /** The option whose value comes next. */
  readonly open: Flag | undefined;
  readonly operands: number;
}

/** Reads the words that follow a command's name. */
export function readLine(command: CommandUnknownOpts, words: readonly string[]): Reading {
  let reading: Reading = { below: command, open: undefined, operands: 0 };
  for (const word of words) reading = next(reading, word);
  return reading;
}

function next({ below, open, operands }: Reading, word: string): Reading {
  if (open) return { below, open: undefined, operands };
  if (word.startsWith('-')) {
    const flag = below.options.find(({ long, short }) => long === word || short === word);
    return { below, open: flag?.required ? flag : undefined, operands };
  }
  const deeper = operands === 0 ? below.commands.find((one) => one.name() === word) : undefined;
  if (deeper) return { below: deeper, open: undefined, operands: 0 };
  return { below, open: undefined, operands: operands + 1 };
}
