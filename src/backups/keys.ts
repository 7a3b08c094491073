import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createText } from '../terraform/write-whole.ts';
import { Failure } from '../failure.ts';
import { makeHome } from '../make-home.ts';

/** The keys that dumps are encrypted with. */
export interface BackupKeys {
  /** The key for a new backup, 32 bytes. */
  readonly current: () => Promise<Buffer>;
  /** The key with this id; a Failure where it is not at hand. */
  readonly byId: (id: string) => Promise<Buffer>;
}

/** What a manifest says of its key: enough to recognise it, nothing to guess it by. */
export function keyId(key: Buffer): string {
  return createHash('sha256')
    .update('windlass backup key\0')
    .update(key)
    .digest('hex')
    .slice(0, 16);
}

/** The key of windlass.yaml's `backup.keyFile`: made by the operator, kept where backups are not. */
export function keyInFile(root: string, keyFile: string | undefined): BackupKeys {
  const current = async (): Promise<Buffer> => {
    if (keyFile === undefined) throw noKey('`backup.keyFile` in windlass.yaml names no file');
    return readKey(resolve(root, keyFile));
  };
  const byId = async (id: string): Promise<Buffer> => {
    const key = await current();
    if (keyId(key) === id) return key;
    throw noKey(`the backup was made with the key ${id}, ${keyFile} holds ${keyId(key)}`);
  };
  return { current, byId };
}

/** A key that is made when it is first needed, for a world that may be lost with it. */
export function generatedKey(home: string, name: string): BackupKeys {
  const folder = join(home, 'keys');
  const file = join(folder, `backup-${name}.key`);
  const current = async (): Promise<Buffer> => {
    await makeHome(home);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const made = `${randomBytes(32).toString('base64')}\n`;
    await createText(file, made);
    return readKey(file);
  };
  const byId = async (id: string): Promise<Buffer> => {
    const files = await readdir(folder).catch(() => []);
    const keys = await Promise.all(files.map((one) => readKey(join(folder, one))));
    const key = keys.find((one) => keyId(one) === id);
    if (key) return key;
    throw noKey(`none in ${folder} is the key ${id}`);
  };
  return { current, byId };
}

async function readKey(file: string): Promise<Buffer> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw noKey(`${dirname(file)} has no readable ${file.split('/').at(-1)}`, error);
  });
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32) throw noKey(`${file} does not hold 32 bytes in base64`);
  if (((await stat(file)).mode & 0o077) !== 0) throw noKey(`others may read ${file}: chmod 600`);
  return key;
}

function noKey(why: string, cause?: unknown): Failure {
  return new Failure({
    code: 'BACKUP_KEY_MISSING',
    what: 'No key to encrypt or decrypt backups',
    why,
    fix: 'Make one with `openssl rand -base64 32`, mode 600, and keep a copy: docs/backups.md.',
    cause,
  });
}
