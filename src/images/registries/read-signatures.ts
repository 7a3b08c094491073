import { z } from 'zod';
import type { ImageReference } from '../image-reference.ts';
import { digestOf } from '../image.ts';
import { askRegistry } from './ask-registry.ts';
import { manifestTypes } from './find-digest.ts';
import type { RegistryDoor } from './registry-door.ts';

/** What was signed, byte by byte, and the signature. */
export interface Signature {
  readonly payload: Buffer;
  readonly signature: Buffer;
}

const most = 50; // signatures of one image that are looked at; each is another call

const Manifest = z.object({
  layers: z.array(
    z.object({
      digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      size: z.int().max(1_000_000), // a payload is some 250 bytes
      annotations: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

/**
 * The signatures that cosign keeps beside an image, in the tag of its digest; none where there are
 * none, and nothing of what is not as cosign writes it. Rejects where the registry does not answer.
 */
export async function readSignatures(
  { path }: ImageReference,
  digest: string,
  door: RegistryDoor,
): Promise<readonly Signature[]> {
  const tag = `${digest.replace(':', '-')}.sig`;
  const text = await contentOf(`${door.root}/v2/${path}/manifests/${tag}`, door);
  const manifest = Manifest.safeParse(parsed(text));
  if (!manifest.success) return [];
  const read = manifest.data.layers.slice(0, most).map(async ({ digest: of, annotations }) => {
    const signature = annotations['dev.cosignproject.cosign/signature'];
    const payload = await contentOf(`${door.root}/v2/${path}/blobs/${of}`, door);
    if (signature === undefined || payload === undefined || digestOf(payload) !== of) return [];
    return [{ payload, signature: Buffer.from(signature, 'base64') }];
  });
  return (await Promise.all(read)).flat();
}

async function contentOf(url: string, door: RegistryDoor): Promise<Buffer | undefined> {
  const answer = await askRegistry(url, door, `${manifestTypes}, */*`);
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`the registry answers ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

function parsed(text: Buffer | undefined): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
