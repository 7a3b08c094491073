import { Argument, Command } from '@commander-js/extra-typings';
import { scripts, shells } from '../completion/scripts.ts';
import { answer } from '../output/say.ts';

/** `windlass completion SHELL`: a script that completes this command line. */
export function completionCommand() {
  return new Command('completion')
    .description('print a completion script: source <(windlass completion bash)')
    .addArgument(new Argument('<shell>').choices(shells))
    .action((shell) => answer(scripts[shell]));
}
