import { Parser } from 'tar';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import { fixedTar } from './fixed-tar.ts';
import { digestOf, json } from './image.ts';
import type { Blob, Image } from './image.ts';

/** The image as one file: a tar of an OCI image layout, the same bytes for the same image. */
export function packImage(image: Image): Buffer {
  const { mediaType, digest, bytes } = image.manifest;
  const manifests = [{ mediaType, digest, size: bytes.length }];
  const blobs = [image.manifest, image.config, ...image.layers];
  return fixedTar([
    { path: 'oci-layout', bytes: json({ imageLayoutVersion: '1.0.0' }) },
    { path: 'index.json', bytes: json({ schemaVersion: 2, manifests }) },
    ...blobs.map((blob) => ({ path: blobPath(blob.digest), bytes: blob.bytes })),
  ]);
}

/**
 * Reads a packed image back, ours or an engine's archive; IMAGE_DAMAGED where any byte is not what
 * its digest says.
 */
export function unpackImage(packed: Buffer): Image {
  const files = filesOf(packed);
  parsed(files.get('oci-layout'), Marker);
  const manifest = manifestIn(files, parsed(files.get('index.json'), Index));
  const { config, layers } = parsed(manifest.bytes, Manifest);
  return {
    digest: manifest.digest,
    manifest,
    config: blobAt(files, config),
    layers: layers.map((layer) => blobAt(files, layer)),
  };
}

/** The one manifest, or that for linux/amd64 where an index lists several. */
function manifestIn(files: ReadonlyMap<string, Buffer>, { manifests }: Index): Blob {
  const ours = manifests.find(
    ({ platform }) => platform?.architecture === 'amd64' && platform.os === 'linux',
  );
  const [first] = manifests;
  const chosen = ours ?? (manifests.length === 1 ? first : undefined);
  if (!chosen) throw damaged('it has no image for linux/amd64');
  const blob = blobAt(files, chosen);
  return indexTypes.has(chosen.mediaType) ? manifestIn(files, parsed(blob.bytes, Index)) : blob;
}

const indexTypes = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);

const Platform = z.object({ os: z.string(), architecture: z.string() });
const Descriptor = z.object({
  mediaType: z.string(),
  digest: z.string(),
  platform: Platform.optional(),
});
type Descriptor = z.infer<typeof Descriptor>;
const Marker = z.object({ imageLayoutVersion: z.literal('1.0.0') });
const Index = z.object({ manifests: z.array(Descriptor).min(1) });
type Index = z.infer<typeof Index>;
const Manifest = z.object({ config: Descriptor, layers: z.array(Descriptor) });

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function blobAt(files: ReadonlyMap<string, Buffer>, { mediaType, digest }: Descriptor): Blob {
  const bytes = files.get(blobPath(digest));
  if (bytes === undefined) throw damaged(`${digest} is missing`);
  if (digestOf(bytes) !== digest) throw damaged(`${digest} holds other bytes`);
  return { mediaType, digest, bytes };
}

function filesOf(packed: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const parts: Buffer[] = [];
      entry.on('data', (part) => parts.push(part));
      entry.on('end', () => files.set(entry.path, Buffer.concat(parts)));
    },
  });
  parser.on('error', (cause: unknown) => {
    throw damaged(String(cause));
  });
  parser.end(packed);
  return files;
}

function parsed<T>(bytes: Buffer | undefined, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(bytes?.toString() ?? ''));
  } catch (cause) {
    throw damaged(String(cause));
  }
}

function damaged(why: string): Failure {
  return new Failure({
    code: 'IMAGE_DAMAGED',
    what: 'A stored image cannot be used',
    why,
    fix: 'Build the release again from its sources.',
  });
}
