import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** People with ed25519 keys in a folder, made by ssh-keygen; each value is the file of the private key. */
export async function makeKeys<Name extends string>(
  folder: string,
  ...names: readonly Name[]
): Promise<Readonly<Record<Name, string>>> {
  const files = Object.fromEntries(names.map((name) => [name, join(folder, `key-of-${name}`)]));
  for (const [name, file] of Object.entries(files))
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `${name}@test`, '-f', file]);
  return files;
}

/** The public key of a private one, as it stands under `people`. */
export function publicKey(file: string): string {
  return readFileSync(`${file}.pub`, 'utf8').trim();
}

/** `people:` of one environment as windlass.yaml spells it. */
export function peopleYaml(keys: Readonly<Record<string, string>>): string {
  const lines = Object.entries(keys).map(
    ([name, file]) => `      ${name}: { keys: ['${publicKey(file)}'] }\n`,
  );
  return `    people:\n${lines.join('')}`;
}
