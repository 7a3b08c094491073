import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SecretSource } from '../../src/config/service.ts';
import type { Standing } from '../../src/deploy.ts';
import { refuseOtherSource } from '../../src/planning/refuse-other-source.ts';
import { storeRelease } from '../../src/releases/store.ts';
import type { Site } from '../../src/site.ts';
import { contentsOf, openShelf } from '../releases/release-shelf.ts';
import type { Shelf } from '../releases/release-shelf.ts';

let shelf: Shelf;
let previous: Standing;

beforeAll(async () => {
  shelf = await openShelf();
  const release = await storeRelease(shelf.site, await contentsOf('first'));
  previous = { release, secretVersions: {}, revisions: {}, traffic: {}, entry: 1 };
});
afterAll(() => shelf.close());

/** The sample with another source of the agent's key. */
function withSource(source: SecretSource): Site {
  const { agent, ...others } = shelf.site.config.services;
  if (!agent) throw new Error('the sample has no agent');
  const secrets = { ...agent.secrets, 'model-key': source };
  const services = { ...others, agent: { ...agent, secrets } };
  return { ...shelf.site, config: { ...shelf.site.config, services } };
}

test('a secret that becomes external is refused by name: its value would be deleted', async () => {
  await expect(refuseOtherSource(withSource('external'), previous)).rejects.toMatchObject({
    code: 'SECRET_SOURCE_CHANGED',
    what: 'agent-model-key would change its source, from `generated` to `external`',
    fix: expect.stringContaining('services.agent.secrets'),
  });
});

test('one that stays as it is passes, and so does a first deploy', async () => {
  await expect(refuseOtherSource(withSource('generated'), previous)).resolves.toBeUndefined();
  await expect(refuseOtherSource(withSource('external'), null)).resolves.toBeUndefined();
});
