import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** A private key of a name in a folder, made by ssh-keygen; answers its file. */
export async function makeKey(folder: string, name: string): Promise<string> {
  const file = join(folder, `key-of-${name}`);
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `${name}@test`, '-f', file]);
  return file;
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
