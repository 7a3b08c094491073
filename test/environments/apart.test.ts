import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { Config } from '../../src/config/config.ts';

const sound = async () => structuredClone(parse(await readFile('windlass.yaml', 'utf8')));
type Declared = Awaited<ReturnType<typeof sound>>;

async function mistakes(change: (declared: Declared) => void): Promise<readonly string[]> {
  const declared = await sound();
  change(declared);
  const parsed = Config.safeParse(declared);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test('the environments of the sample are apart, with one billing account for both', async () => {
  expect(await mistakes(() => undefined)).toEqual([]);
});

const pointing: readonly (readonly [string, (declared: Declared) => void, string])[] = [
  [
    'the project',
    ({ environments }) => (environments.production.project = 'wellness-staging'),
    "is 'wellness-staging', which is production's",
  ],
  [
    'the Supabase organization',
    ({ environments }) => (environments.production.supabase.organization = 'wellness-staging'),
    "environments.production.supabase.organization: is 'wellness-staging'",
  ],
  [
    'the access token',
    ({ environments }) => {
      environments.production.supabase.tokenFile = '/run/token';
      environments.staging.supabase.tokenFile = '/run/token';
    },
    'environments.staging.supabase.tokenFile',
  ],
  [
    'the address in its e-mails',
    ({ environments }) =>
      (environments.staging.supabase.settings.site_url = 'https://wellness.example.com/'),
    'environments.staging.supabase.settings.site_url',
  ],
  [
    'a name that is the other one’s',
    ({ environments }) => {
      environments.staging.project = 'wellness-try';
      environments.production.project = 'wellness-staging';
    },
    'which belongs to staging by its name',
  ],
  [
    'an image in the other’s registry',
    ({ services }) =>
      (services.users.image = `us-central1-docker.pkg.dev/wellness-staging/a/users@sha256:${'0'.repeat(64)}`),
    'services.users.image: names the project of staging',
  ],
  [
    'a variable with the other’s bucket',
    ({ services }) => (services.users.env = { BUCKET: 'gs://wellness-production/x' }),
    'services.users.env.BUCKET: names the project of production',
  ],
];

test.each(pointing)('production cannot point at staging by %s', async (_what, change, said) => {
  expect((await mistakes(change)).join('\n')).toContain(said);
});
