// What a program needs to start and to write where it may; no name of a secret is among them.
const needed = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL'] as const;

/** The variables for a program that is only asked something: none of the caller's secrets is among them. */
export function ownVariables(): Record<string, string> {
  return Object.fromEntries(
    needed.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
