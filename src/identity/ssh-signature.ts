import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { People } from '../config/people.ts';
import { keyOf } from '../config/people.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { refusal } from './refused.ts';
import { programMissing } from './ssh-program.ts';
import { signingNamespace } from './statement.ts';

/** Who signed, and the fingerprint of the key. */
export interface Signer {
  readonly name: string;
  readonly fingerprint: string;
}

const longest = 20_000; // an RSA signature of 16,384 bits is 6 kB of armour

/** The one among the people whose key made this signature of this text; a refusal otherwise. */
export async function signerOf(people: People, text: string, signature: string): Promise<Signer> {
  if (signature.length > longest || !signature.startsWith('-----BEGIN SSH SIGNATURE-----'))
    throw refusal('SIGNATURE_INVALID', 'it is not an SSH signature');
  const namespace = namespaceOf(signature);
  if (namespace !== signingNamespace)
    throw refusal(
      'SIGNATURE_NAMESPACE',
      `its namespace is '${namespace.slice(0, 80)}', not '${signingNamespace}'`,
    );
  const folder = await temporaryFolder('signature');
  try {
    const [signed, allowed] = [join(folder, 'signature'), join(folder, 'people')];
    await writeFile(signed, signature, { mode: 0o600 });
    await writeFile(allowed, allowedSigners(people), { mode: 0o600 });
    const at = ['-s', signed, '-f', allowed];
    const found = await keygen(['-Y', 'find-principals', ...at]);
    if (found.failed) throw stranger(people);
    const [name = ''] = found.stdout.split('\n');
    const verify = ['-Y', 'verify', '-n', signingNamespace, '-I', name, ...at];
    const verified = await keygen(verify, text);
    if (verified.failed) throw refusal('SIGNATURE_INVALID', reasonOf(verified.all));
    return { name, fingerprint: /SHA256:[\w+/=]+/.exec(verified.stdout)?.[0] ?? 'unknown' };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The people's keys in the form that ssh-keygen reads; a name has no blank, comma or quote. */
function allowedSigners(people: People): string {
  const lines = Object.entries(people).flatMap(([name, person]) =>
    'keys' in person
      ? person.keys.map((key) => `${name} namespaces="${signingNamespace}" ${keyOf(key)}\n`)
      : [],
  );
  return lines.join('');
}

async function keygen(args: readonly string[], input = '') {
  const { execa } = await import('execa');
  const ended = await execa('ssh-keygen', args, { input, reject: false, all: true });
  if (ended.code === 'ENOENT') throw programMissing();
  return ended;
}

function stranger(people: People) {
  const why = `the key is none of those under \`people\`: ${Object.keys(people).join(', ')}`;
  return refusal(
    'SIGNER_UNKNOWN',
    why,
    'Have one of them do it, or deploy a release that adds you.',
  );
}

function reasonOf(said: string): string {
  return said.split('\n').find((line) => line !== '') ?? 'ssh-keygen rejects it';
}

/** The purpose that a signature names (PROTOCOL.sshsig): magic, version, key, namespace, … */
function namespaceOf(signature: string): string {
  const body = signature.replaceAll(/-----[^-]+-----|\s/g, '');
  const bytes = Buffer.from(body, 'base64');
  try {
    const afterKey = 6 + 4 + 4 + bytes.readUInt32BE(10);
    const length = bytes.readUInt32BE(afterKey);
    return String(bytes.subarray(afterKey + 4, afterKey + 4 + length));
  } catch {
    throw refusal('SIGNATURE_INVALID', 'its bytes are not an SSH signature');
  }
}
