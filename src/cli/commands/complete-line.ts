import { Command } from '@commander-js/extra-typings';
import { candidates } from '../completion/candidates.ts';
import type { Known } from '../completion/candidates.ts';
import { projectWords } from '../completion/project-words.ts';
import { answer } from '../output/say.ts';

/** `windlass complete-line -- WORD…`: what the last word may become; for completion scripts alone. */
export function completeLineCommand(table: Omit<Known, 'wordsFor'>) {
  return new Command('complete-line')
    .description('list what the last word may become')
    .argument('[words...]')
    .action(async (words) => {
      for (const word of await candidates(words, { ...table, wordsFor: projectWords }))
        answer(word);
    });
}
