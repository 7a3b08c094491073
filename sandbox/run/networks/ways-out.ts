import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MetadataServers } from '../metadata-server.ts';
import type { Mount } from '../mount-namespace.ts';
import { partsOf, type RevisionRecord } from '../records.ts';
import { readTemplate } from '../template.ts';
import type { WayOut } from './own-network.ts';

/** Where an instance finds its metadata server in a network of its own; that of GKE has this port. */
const metadataPort = 988;

/** `host:port` of an instance's metadata server, in a network of its own or in the machine's. */
export function metadataHost(
  metadata: MetadataServers,
  revision: RevisionRecord,
  network: 'own' | 'host',
): Promise<string> | string {
  return network === 'own' ? `127.0.0.1:${metadataPort}` : metadata.hostFor(...speakerOf(revision));
}

/** The ports of 127.0.0.1 that an instance is told of, and its metadata server: nothing else. */
export async function waysOut(
  metadata: MetadataServers,
  revision: RevisionRecord,
  texts: readonly string[],
): Promise<readonly WayOut[]> {
  const named = portsNamed(texts).filter((port) => port !== metadataPort);
  const to = await metadata.socketFor(...speakerOf(revision));
  return [...named.map((port) => ({ port })), { port: metadataPort, to }];
}

/** All that tells an instance of addresses: its variables and the files of its secrets. */
export async function textsOf(
  env: Readonly<Record<string, string>>,
  mounts: readonly Mount[],
): Promise<readonly string[]> {
  const files = await Promise.all(
    mounts.map(async ({ source }) => {
      const entries = await readdir(source, { recursive: true, withFileTypes: true });
      return entries.flatMap((one) => (one.isFile() ? [join(one.parentPath, one.name)] : []));
    }),
  );
  const texts = await Promise.all(files.flat().map((file) => readFile(file, 'utf8')));
  return [...Object.values(env), ...texts];
}

/** Every port of this machine that a text names, such as in `http://127.0.0.1:8080/x`. */
export function portsNamed(texts: readonly string[]): readonly number[] {
  const found = texts.flatMap((text) =>
    [...text.matchAll(/(?:127\.0\.0\.1|localhost):(\d{1,5})/g)].map(([, port]) => Number(port)),
  );
  return [...new Set(found)].filter((port) => port > 0 && port < 65_536);
}

/** The account that an instance runs as, and its project. */
function speakerOf({ name, template }: RevisionRecord): readonly [string, string] {
  return [readTemplate(template).serviceAccount ?? '', partsOf(name).project];
}
