import type { LockedProvider } from '../providers/lock-file.ts';
import type { ToolVersions } from './tool-versions.ts';

/** An image of a release, by its digest or its whole reference, and the bases that it was built on. */
export interface ReleasedImage {
  readonly service: string;
  readonly image: string;
  /** The digest of each base image, by its name in the Dockerfile. */
  readonly bases: Readonly<Record<string, string>>;
}

/** All that a release runs and is deployed by. */
export interface Parts {
  readonly project: string;
  readonly release: { readonly id: string; readonly sha256: string };
  readonly images: readonly ReleasedImage[];
  readonly providers: readonly LockedProvider[];
  readonly tools: ToolVersions;
}

interface Component {
  readonly type: 'container' | 'application' | 'library';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/**
 * The parts of a release as a CycloneDX 1.5 document: images with their bases, providers, tools. The
 * same release always gives the same document. What an image holds is said by a scanner of images.
 */
export function sbomOf({ project, release, images, providers, tools }: Parts) {
  const { id: version, sha256 } = release;
  const application = { type: 'application', 'bom-ref': version, name: project, version };
  const bases = new Map(images.flatMap((one) => Object.entries(one.bases)));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(sha256)}`,
    version: 1,
    metadata: { component: { ...application, hashes: [{ alg: 'SHA-256', content: sha256 }] } },
    components: [
      ...images.map(({ service, image }) => container(service, image, service)),
      ...[...bases].map(([name, digest]) => container(name, digest)),
      ...providers.map(provider),
      ...Object.entries(tools).map(tool),
    ],
    dependencies: [
      { ref: version, dependsOn: images.map(({ service }) => service) },
      ...images.map((one) => ({ ref: one.service, dependsOn: Object.keys(one.bases) })),
    ],
  };
}

function container(name: string, image: string, service?: string): Component {
  const [path = '', digest = image] = image.includes('@') ? image.split('@') : [name, image];
  const short =
    path
      .replace(/:[^/]*$/, '')
      .split('/')
      .at(-1) ?? name;
  return {
    ...{ type: 'container', 'bom-ref': name, name: path, version: digest },
    purl: `pkg:oci/${encodeURIComponent(short)}@${encodeURIComponent(digest)}`,
    ...(service !== undefined && { properties: [{ name: 'windlass:service', value: service }] }),
  };
}

function provider({ source, version, hashes }: LockedProvider): Component {
  return {
    ...{ type: 'library', 'bom-ref': source, name: source, version },
    purl: `pkg:terraform/${source}@${version}`,
    properties: hashes.map((value) => ({ name: 'terraform:checksum', value })),
  };
}

function tool([name, version]: readonly [string, string]): Component {
  return { type: 'application', 'bom-ref': `tool:${name}`, name, version };
}

/** A UUID by the release's own digest (version 8 of RFC 9562: the rest is ours to choose). */
function uuidOf(sha256: string): string {
  const [a, b, c, d, e] = [8, 12, 15, 18, 30].map((to, at) =>
    sha256.slice([0, 8, 12, 15, 18][at], to),
  );
  return `${a}-${b}-8${c}-8${d}-${e}`;
}
