import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stackVariables } from '../../src/stacks/stack-variables.ts';
import type { Site } from '../../src/site.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';
import { openShelf } from '../releases/release-shelf.ts';

let door: GoogleDoor;
let site: Site;
let folder: string;

beforeAll(async () => {
  ({ door, site } = await openShelf());
  const { serviceAddresses: _, ...endpoints } = site.google.endpoints; // as in the clouds
  site = { ...site, google: { ...site.google, endpoints } };
  folder = await mkdtemp(join(tmpdir(), 'windlass-variables-'));
});

afterAll(async () => {
  await door.close();
  await rm(folder, { recursive: true });
});

/** The foundation's budget as a release says it that was bundled with `said`. */
async function budgetOf(said: { billingAccount?: string; budgetEmail?: string } | undefined) {
  const { [site.name]: environment, ...others } = site.config.environments;
  const { billingAccount: _a, budgetEmail: _e, ...rest } = environment ?? {};
  const environments = said ? { ...others, [site.name]: { ...rest, ...said } } : others;
  const config = JSON.stringify({ ...site.config, environments });
  await writeFile(join(folder, 'windlass.json'), config);
  const asked = { stack: '10-foundation', secretVersions: {} } as const;
  return stackVariables(site, folder, asked);
}

it.each([
  [
    'its own address',
    { billingAccount: '000000-000000-000001', budgetEmail: 'before@example.com' },
    { account: '000000-000000-000001', email: 'before@example.com' },
  ],
  [
    'no address',
    { billingAccount: '000000-000000-000001' },
    { account: '000000-000000-000001', email: null },
  ],
])(
  'a release with %s has the budget tell that, whatever today’s tree says',
  async (_, said, is) => {
    expect(await budgetOf(said)).toMatchObject({ budget: is });
  },
);

it('a release without a billing account has no budget', async () => {
  expect(await budgetOf({})).toMatchObject({ budget: null });
});

it('an environment’s own values reach its stacks, and not those of another', async () => {
  const own = { users: { min: 2, max: 5, env: { LEVEL: 'warn' }, secrets: { mail: 'generated' } } };
  const { [site.name]: environment, ...others } = site.config.environments;
  const variables = async (services: object, named: string) => {
    const environments = { ...others, [site.name]: { ...environment, services } };
    const config = JSON.stringify({ ...site.config, environments });
    await writeFile(join(folder, 'windlass.json'), config);
    const images = Object.keys(site.config.services).map((name) => [
      name,
      `sha256:${'a'.repeat(64)}`,
    ]);
    await writeFile(join(folder, 'images.json'), JSON.stringify(Object.fromEntries(images)));
    const there = { ...site, name: named };
    const versions = Object.entries(site.config.services).flatMap(([name, { secrets }]) =>
      [...Object.keys(secrets), 'mail'].map((secret) => [`${name}-${secret}`, '1']),
    );
    const asked = { secretVersions: Object.fromEntries(versions) };
    return Promise.all([
      stackVariables(there, folder, { ...asked, stack: '10-foundation' }),
      stackVariables(there, folder, { ...asked, stack: '20-services' }),
    ]);
  };
  const [foundation, running] = await variables(own, site.name);
  expect(foundation).toMatchObject({
    services: { users: { secrets: ['database-url', 'mail', 'supabase'] } },
  });
  expect(running).toMatchObject({
    services: {
      gateway: {
        peers: { users: expect.stringMatching(/^https:\/\/users-\d{12}\.us-central1\.run\.app$/) },
      },
      users: { min: 2, max: 5, env: { LEVEL: 'warn' }, secrets: { mail: '1' } },
    },
  });
  expect(await variables(own, 'staging')).toEqual(await variables({}, 'staging'));
});
