import { createHash } from 'node:crypto';

/** Bytes under the name of their own digest (`sha256:` and hex), as registries keep them. */
export interface Blob {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** An OCI image; `digest` is that of its manifest and names the whole. */
export interface Image {
  readonly digest: string;
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

/** Media types of the OCI image specification 1.1. */
export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

/** The bytes with their digest. */
export function blobOf(mediaType: string, bytes: Buffer): Blob {
  return { digest: digestOf(bytes), mediaType, bytes };
}

/** `sha256:` and the hex digest of the bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The image of a config and its layers; the manifest follows from them. */
export function imageOf(config: Blob, layers: readonly Blob[]): Image {
  const manifest = blobOf(
    mediaTypes.manifest,
    json({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: descriptor(config),
      layers: layers.map(descriptor),
    }),
  );
  return { digest: manifest.digest, manifest, config, layers };
}

/** A value as the bytes of its JSON, keys in the order given. */
export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function descriptor({ mediaType, digest, bytes }: Blob) {
  return { mediaType, digest, size: bytes.length };
}
