import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { held } from '../held.ts';
import { learnSecret } from '../redaction/known.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { currentLogin, openClient } from './connect.ts';
import type { Login } from './connect.ts';
import { wireUser } from './wire-user.ts';

/**
 * Gives `work` the path of a libpq password file (0600 in a 0700 folder), gone afterwards, and the
 * login as it is now. Where that ends by itself the file stays valid as long as `work` needs it.
 */
export async function withPassfile<T>(
  asked: Login,
  work: (path: string, login: Login) => Promise<T>,
): Promise<T> {
  // Only a session of ours tells whether another program has replaced a login that ends by itself.
  if (asked.renew) await (await openClient(asked)).end();
  const login = await currentLogin(asked);
  const folder = await temporaryFolder('pgpass');
  const path = join(folder, 'pgpass');
  let stop = async (): Promise<void> => undefined;
  try {
    await writeFile(path, passfileLine(login), { mode: 0o600 });
    if (asked.renew) stop = keepValid(asked, { path, login });
    return await work(path, login);
  } finally {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A login is renewed a minute before its end: src/supabase/login-role.ts. */
const lookEveryMs = 5000;

/**
 * Writes a renewed password into the file: a program that logs in more than once, as Alembic does
 * for each revision, may still work when the password that it began with has ended. Answers how to
 * stop that.
 */
export function keepValid(
  asked: Login,
  { path, login }: { readonly path: string; readonly login: Login },
  everyMs = lookEveryMs,
): () => Promise<void> {
  let { password } = login;
  const look = async (): Promise<void> => {
    const now = await currentLogin(asked);
    // The program goes on under the name that it was given.
    if (now.password === password || now.user !== login.user) return;
    await writeFile(`${path}.new`, passfileLine(now), { mode: 0o600 });
    await rename(`${path}.new`, path);
    password = now.password;
  };
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    // What fails now is tried at the next look.
    looking = held(looking.then(look).catch(() => undefined));
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

/** The line for every database of this login's server; `:` and `\` are escaped as libpq asks. */
export function passfileLine(login: Login): string {
  const { host, port, password } = login;
  learnSecret(password);
  const words = [host, String(port), '*', wireUser(login), password];
  return `${words.map((word) => (word === '*' ? word : escape(word))).join(':')}\n`;
}

function escape(word: string): string {
  return word.replaceAll(/[\\:]/g, (character) => `\\${character}`);
}
