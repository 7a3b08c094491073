import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';
import { currentLogin, openClient } from './connect.ts';
import type { Login } from './connect.ts';

/**
 * Gives `work` the path of a libpq password file (0600 in a 0700 folder), gone afterwards, and the
 * login as it is now.
 */
export async function withPassfile<T>(
  asked: Login,
  work: (path: string, login: Login) => Promise<T>,
): Promise<T> {
  // Only a session of ours tells whether another program has replaced a login that ends by itself.
  if (asked.renew) await (await openClient(asked)).end();
  const login = await currentLogin(asked);
  const folder = await temporaryFolder('pgpass');
  try {
    const path = join(folder, 'pgpass');
    await writeFile(path, passfileLine(login), { mode: 0o600 });
    return await work(path, login);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The line for every database of this login's server; `:` and `\` are escaped as libpq asks. */
export function passfileLine({ host, port, user, password }: Login): string {
  const words = [host, String(port), '*', user, password];
  return `${words.map((word) => (word === '*' ? word : escape(word))).join(':')}\n`;
}

function escape(word: string): string {
  return word.replaceAll(/[\\:]/g, (character) => `\\${character}`);
}
