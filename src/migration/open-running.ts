import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { readServices } from '../gcp/run.ts';
import { predictSecrets } from '../planning/predict-secrets.ts';
import { gatherContents } from '../releases/contents.ts';
import { imageRoomOf } from '../releases/image-room-of.ts';
import { storeRelease } from '../releases/store.ts';
import type { Site } from '../site.ts';
import { openStack } from '../stacks/open-stack.ts';
import type { OpenStack } from '../stacks/open-stack.ts';

const Peers = z.record(z.string(), z.string());
const Variables = z.looseObject({
  services: z.record(z.string(), z.looseObject({ image: z.string(), peers: Peers.optional() })),
});

/**
 * The services' stack of the working tree, but with the images, secret versions and addresses that run now: a
 * migration changes how services are described, not what they run. That is the next deploy's work.
 */
export async function openRunning(
  site: Site,
  runId: string,
  names: readonly string[],
): Promise<OpenStack> {
  const room = imageRoomOf(site);
  const release = await storeRelease(site, await gatherContents(site.root, site.written, room));
  const running = (await readServices(site.google)).filter(({ name }) => names.includes(name));
  const pinned = running.flatMap(({ mounts }) =>
    mounts.map(({ secret, version }) => [secret, version] as const),
  );
  const { versions } = await predictSecrets(site);
  const secretVersions = { ...versions, ...Object.fromEntries(pinned) };
  const opened = await openStack(site, runId, { release, stack: '20-services', secretVersions });
  const images = new Map(running.map(({ name, image }) => [name, image]));
  const variables = Variables.parse(JSON.parse(await readFile(opened.varFile, 'utf8')));
  const uris = new Map(running.map(({ name, uri }) => [name, uri]));
  for (const [name, service] of Object.entries(variables.services)) {
    service.image = images.get(name) ?? service.image;
    for (const [callee, url] of Object.entries(service.peers ?? {}))
      if (service.peers) service.peers[callee] = uris.get(callee) ?? url;
  }
  await writeFile(opened.varFile, JSON.stringify(variables, null, 2));
  return opened;
}
