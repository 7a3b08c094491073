import { existsSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { keyOf } from '../config/people.ts';
import { Failure } from '../failure.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { programMissing } from './ssh-program.ts';
import { signingNamespace } from './statement.ts';

/** The key that signs for whoever sits here. */
export interface SigningKey {
  /** A file: the private key, or a public one whose private half an agent holds. */
  readonly file: string;
  /** What ssh-keygen prints of the public key: type and base64. */
  readonly publicKey: string;
}

/**
 * The key that WINDLASS_SIGNING_KEY names, else git’s `user.signingkey` where that is one of SSH, else
 * ~/.ssh/id_ed25519; a Failure that says how to name one where there is none.
 */
export async function findSigningKey(): Promise<SigningKey> {
  const named = process.env['WINDLASS_SIGNING_KEY'];
  if (named !== undefined && named !== '') return keyAt(named, 'WINDLASS_SIGNING_KEY');
  const ofGit = await gitKey();
  if (ofGit !== undefined) return keyAt(ofGit, 'git’s user.signingkey');
  const usual = join(homedir(), '.ssh', 'id_ed25519');
  if (existsSync(usual)) return keyAt(usual, 'the default path');
  throw noKey(`none is configured, and there is no ${usual}`);
}

/** Signs by ssh-keygen, which asks the terminal or the agent for what it needs. */
export async function signText({ file }: SigningKey, text: string): Promise<string> {
  const args = ['-Y', 'sign', '-n', signingNamespace, '-f', file];
  const { execa } = await import('execa');
  const ended = await execa('ssh-keygen', args, { input: text, reject: false });
  if (ended.code === 'ENOENT') throw programMissing();
  if (!ended.failed) return `${ended.stdout}\n`;
  const said = ended.stderr.split('\n').filter((line) => !line.startsWith('Signing '));
  throw new Failure({
    code: 'SIGNING_FAILED',
    what: 'Signing failed; nothing was done',
    why: `ssh-keygen cannot sign with ${file}: ${said.join(' ').trim() || 'no output'}`,
    fix: 'Where it has a passphrase, run `ssh-add` first or use a terminal; then try again.',
  });
}

async function keyAt(named: string, where: string): Promise<SigningKey> {
  const literal = /^(?:key::)?((?:ssh|ecdsa|sk)-\S+ \S+.*)$/.exec(named)?.[1];
  if (literal !== undefined) return inFile(literal);
  const file = named.startsWith('~/') ? join(homedir(), named.slice(2)) : resolve(named);
  if (!existsSync(file)) throw noKey(`${where} names ${file}, which does not exist`);
  const text = await readFile(file, 'utf8').catch(() => '');
  const beside = await readFile(`${file}.pub`, 'utf8').catch(() => undefined);
  if (/^(ssh|ecdsa|sk)-/.test(text)) return { file, publicKey: keyOf(text) };
  if (beside !== undefined) return { file, publicKey: keyOf(beside) };
  return { file, publicKey: keyOf(await derived(file, where)) };
}

/** A key that git names by its public half stands in a file only while it is used. */
async function inFile(literal: string): Promise<SigningKey> {
  const folder = await temporaryFolder('key');
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'key.pub');
  await writeFile(file, `${literal}\n`);
  return { file, publicKey: keyOf(literal) };
}

async function derived(file: string, where: string): Promise<string> {
  const { execa } = await import('execa');
  const ended = await execa('ssh-keygen', ['-y', '-f', file], { reject: false, stdin: 'ignore' });
  if (ended.code === 'ENOENT') throw programMissing();
  if (!ended.failed) return ended.stdout;
  throw noKey(`${where} names ${file}, which ssh-keygen cannot read: ${ended.stderr.trim()}`);
}

/** git also keeps ids of GPG keys there. */
async function gitKey(): Promise<string | undefined> {
  const asked = ['config', '--get', 'user.signingkey'];
  const { execa } = await import('execa');
  const { stdout } = await execa('git', asked, { reject: false });
  const key = typeof stdout === 'string' ? stdout.trim() : '';
  return /^(key::|ssh-|ecdsa-|sk-|~\/|\/|\.)/.test(key) ? key : undefined;
}

function noKey(why: string): Failure {
  return new Failure({
    code: 'SIGNING_KEY_MISSING',
    what: 'No key to sign with',
    why: `${why}; this environment accepts signed requests only (\`people\` in windlass.yaml)`,
    fix: 'Make one (`ssh-keygen -t ed25519`) or name yours in WINDLASS_SIGNING_KEY; its public half must be listed under `people`.',
  });
}
