import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { ImageReference } from './image-reference.ts';
import { reasonOf } from './registries/find-digest.ts';
import { readSignatures, type Signature } from './registries/read-signatures.ts';
import type { RegistryDoor } from './registries/registry-door.ts';

/** Who must have signed an image, and for which service it is. */
export interface Signers {
  readonly service: string;
  /** Files of public keys, relative to `root`; the word of one of them is enough. */
  readonly files: readonly string[];
  readonly root: string;
}

/**
 * Has an image only where one of the stated keys has signed its very digest, as `cosign sign --key`
 * does (simple signing). Nothing but the image's registry is asked: no log, no authority.
 * IMAGE_UNSIGNED, or SIGNING_KEY_UNREADABLE.
 */
export async function requireSigned(
  image: ImageReference & { readonly digest: string },
  door: RegistryDoor,
  signers: Signers,
): Promise<void> {
  const keys = await Promise.all(signers.files.map((file) => keyIn(signers.root, file)));
  const found = await readSignatures(image, image.digest, door).catch((error: unknown) => {
    throw unsigned(image, signers, `its signatures cannot be read: ${reasonOf(error)}`);
  });
  const good = found.filter((one) => isAbout(one, image.digest));
  if (good.some((one) => keys.some((key) => isBy(one, key)))) return;
  const why =
    good.length > 0
      ? `none of its ${good.length} signatures is by ${signers.files.join(' or ')}`
      : `${image.host}/${image.path} has no signature of it`;
  throw unsigned(image, signers, why);
}

const Payload = z.object({
  critical: z.object({
    image: z.object({ 'docker-manifest-digest': z.string() }),
    type: z.literal('cosign container image signature'),
  }),
});

/** Whether that is what was signed: a signature of another image is worth nothing. */
function isAbout({ payload }: Signature, digest: string): boolean {
  try {
    const { critical } = Payload.parse(JSON.parse(String(payload)));
    return critical.image['docker-manifest-digest'] === digest;
  } catch {
    return false;
  }
}

function isBy({ payload, signature }: Signature, key: KeyObject): boolean {
  try {
    return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', payload, key, signature);
  } catch {
    return false;
  }
}

async function keyIn(root: string, file: string): Promise<KeyObject> {
  try {
    const text = await readFile(resolve(root, file), 'utf8');
    if (!text.includes('-----BEGIN PUBLIC KEY-----')) throw new Error('it holds no PUBLIC KEY');
    return createPublicKey(text);
  } catch (error) {
    throw new Failure({
      code: 'SIGNING_KEY_UNREADABLE',
      what: `The key ${file} of \`images.signedBy\` cannot be read`,
      why: reasonOf(error),
      fix: 'Name the file that holds the public key (PEM), as `cosign public-key` prints it.',
    });
  }
}

function unsigned(image: ImageReference, { service, files }: Signers, why: string): Failure {
  const named = `${image.host}/${image.path}@${image.digest}`;
  return new Failure({
    code: 'IMAGE_UNSIGNED',
    what: `The image ${named} of ${service} is not signed by a key of \`images.signedBy\``,
    why,
    fix: `Sign it with the key of ${files.join(' or ')} (\`cosign sign --key KEY ${named}\`), or deploy one that is.`,
  });
}
