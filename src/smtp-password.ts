import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from './failure.ts';
import { learnSecret } from './redaction/known.ts';
import type { Site } from './site.ts';

/** The password of the environment's mail server, out of its file; undefined where none is stated. */
export async function smtpPassword({
  root,
  environment,
}: Pick<Site, 'root' | 'environment'>): Promise<string | undefined> {
  const { smtpPasswordFile: file } = environment.supabase;
  if (file === undefined) return undefined;
  const password = (await readFile(resolve(root, file), 'utf8').catch(() => '')).trim();
  if (password === '') throw missing(file);
  learnSecret(password);
  return password;
}

function missing(file: string): Failure {
  return new Failure({
    code: 'SMTP_PASSWORD_MISSING',
    what: `There is no password of the mail server in ${file}`,
    why: '`supabase.smtpPasswordFile` of windlass.yaml names a file that is not there, or is empty',
    fix: `Write the password of \`smtp_user\` into ${file}, mode 600.`,
  });
}
