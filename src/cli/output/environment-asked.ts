/** A fix with the environment that the command is about where it says ENVIRONMENT, to be typed as it is. */
export function withEnvironmentAsked(fix: string, args: readonly string[] = process.argv): string {
  const name = askedIn(args);
  return name === undefined ? fix : fix.replaceAll('-e ENVIRONMENT', `-e ${name}`);
}

/** As commander takes it: `-e NAME`, `-eNAME`, `--environment NAME` or `--environment=NAME`. */
function askedIn(args: readonly string[]): string | undefined {
  const at = args.findIndex((word) => /^(-e|--environment(=|$))/.test(word));
  const word = args[at] ?? '';
  const name = /^(-e|--environment)$/.test(word)
    ? args[at + 1]
    : word.replace(/^(-e|--environment=)/, '');
  return name !== undefined && /^[a-z][a-z0-9-]*$/.test(name) ? name : undefined;
}
