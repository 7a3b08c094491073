const verbs = 'deploy|plan|status|rollback|recover|drift|ui|migrate-v1';
const ours = /(?<![\w/.-])bin\/windlass\b/g;
const sandbox = /\bmake sandbox-(up|down|status)\b/g;
const setup = /\bmake setup\b/g;
const target = new RegExp(
  `\\bmake ([a-z][a-z0-9-]*)-(${verbs})\\b(?: ARGS=(?:'([^']*)'|([^\\s'\`]+)))?`,
  'g',
);

/** A text with the commands of a checkout (`bin/windlass …`, `make …`) as an installed one is called. */
export function asTyped(text: string, command: string): string {
  return text
    .replace(ours, command)
    .replace(setup, `${command} setup`)
    .replace(sandbox, `${command} sandbox $1`)
    .replace(target, (...[, environment, verb, quoted = '', plain = '']: string[]) =>
      [command, verb, '-e', environment, `${quoted}${plain}`].join(' ').trimEnd(),
    );
}
