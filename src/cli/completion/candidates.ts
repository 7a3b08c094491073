import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { readLine } from './read-line.ts';

/** What a line is completed from. */
export interface Known {
  readonly commands: readonly string[];
  readonly command: (name: string) => Promise<CommandUnknownOpts | undefined>;
  /** Words for a value or an operand by what the help calls it; none where it may be anything. */
  readonly wordsFor: (name: string) => Promise<readonly string[]>;
}

/** What the last word of a line may become; the line is what follows the program's name. */
export async function candidates(
  line: readonly string[],
  known: Known,
): Promise<readonly string[]> {
  const words = line.filter((word) => word !== '='); // bash makes it a word of its own
  const current = line.at(-1) === '=' ? '' : (words.pop() ?? '');
  const at = words.findIndex((word) => !word.startsWith('-'));
  const named = words[at];
  const found =
    named === undefined
      ? [...known.commands, '--help', '--version']
      : await within(await known.command(named), words.slice(at + 1), { current, known });
  return found.filter((word) => word.startsWith(current) && isMeant(word, current));
}

/** Flags are offered to whoever begins one. */
function isMeant(word: string, current: string): boolean {
  return !word.startsWith('-') || current.startsWith('-');
}

interface Here {
  readonly current: string;
  readonly known: Known;
}

async function within(
  command: CommandUnknownOpts | undefined,
  words: readonly string[],
  { current, known }: Here,
): Promise<readonly string[]> {
  if (!command) return [];
  const { below, open, operands } = readLine(command, words);
  if (open) return open.argChoices ?? known.wordsFor(open.long ?? open.flags);
  if (current.startsWith('-'))
    return [...below.options.flatMap(({ long, short }) => [long, short]), '--help'].flatMap(
      (flag) => flag ?? [],
    );
  if (below.commands.length > 0 && operands === 0) return below.commands.map((one) => one.name());
  const argument = below.registeredArguments[operands];
  return argument ? (argument.argChoices ?? known.wordsFor(argument.name())) : [];
}
