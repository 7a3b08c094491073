import { createPrivateKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownFolder, ownedFile } from '../postgres/own-folder.ts';
import { issue } from './certificate.ts';

/** Whose name stands under the certificates of databases and of the pooler. */
export const authorityName = 'Supabase sandbox root';

/** The certificate that clients verify databases by, where a world's Supabase keeps its projects. */
export function authorityFile(supabaseFolder: string): string {
  return join(supabaseFolder, 'authority', 'root.crt');
}

/** Makes the world's authority, once. Supabase has one of its own as well. */
export async function ensureAuthority(supabaseFolder: string): Promise<void> {
  const folder = join(supabaseFolder, 'authority');
  if (existsSync(folder)) return;
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  const { certificate, key } = issue({ name: authorityName });
  await writeFile(join(draft, 'root.key'), key, { mode: 0o600 });
  await writeFile(join(draft, 'root.crt'), certificate);
  await chmod(join(draft, 'root.crt'), 0o644); // whatever the umask: a container's own user reads it
  await rename(draft, folder);
}

/** The certificate and key of a project's Postgres: files of the user that it runs as. */
export interface ServerFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Makes a project's server certificate, once, signed by the world's authority. */
export async function ensureServerFiles(supabaseFolder: string, ref: string): Promise<ServerFiles> {
  await ensureAuthority(supabaseFolder);
  const folder = join(supabaseFolder, ref, 'tls');
  const files = { certificate: join(folder, 'server.crt'), key: join(folder, 'server.key') };
  if (existsSync(files.key)) return files;
  const signer = await readFile(join(supabaseFolder, 'authority', 'root.key'), 'utf8');
  const hosts = [`db.${ref}.supabase.co`, 'localhost', '127.0.0.1'];
  const by = { name: authorityName, key: createPrivateKey(signer) };
  const made = issue({ name: `db.${ref}.supabase.co`, hosts, by });
  await ownFolder(folder);
  await ownedFile(files.certificate, made.certificate);
  await ownedFile(files.key, made.key);
  return files;
}
