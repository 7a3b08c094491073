import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { requireFiles } from '../../src/config/require-files.ts';
import { gatherContents } from '../../src/releases/contents.ts';
import { BundledConfig } from '../../src/releases/store.ts';
import { temporaryFolder } from '../setup/process.ts';

const reference = `us-central1-docker.pkg.dev/p/r/meals@sha256:${'a'.repeat(64)}`;
let root: string;

beforeAll(async () => {
  root = await temporaryFolder('dropped');
  await mkdir(join(root, 'meals', 'migrations', 'versions'), { recursive: true });
  await writeFile(join(root, 'meals', 'migrations', 'versions', 'one.py'), '# a revision\n');
  await writeFile(join(root, 'meals', 'alembic.ini'), '[alembic]\n');
  await mkdir(join(root, 'bare'));
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

const production = {
  project: 'p-production',
  supabase: {
    organization: 'o',
    project: 'p',
    settings: {
      jwt_exp: 3600,
      mailer_autoconfirm: false,
      site_url: 'https://p.example.org',
      uri_allow_list: '',
    },
  },
};

function yamlOf(services: object, environment: object = {}) {
  const environments = { production: { ...production, ...environment } };
  return { name: 'shop', services, environments };
}

async function reading(written: object) {
  await writeFile(join(root, 'windlass.yaml'), JSON.stringify(written, null, 1));
  return readConfig(root);
}

describe('a service with an image and a source', () => {
  it('runs the image, and its migrations come from the source', async () => {
    const meals = { image: reference, source: 'meals', migrations: true };
    const { images, built, files } = await gatherContents(root, await reading(yamlOf({ meals })));
    expect(images).toEqual({ meals: reference });
    expect(built).toEqual({});
    expect([...files.keys()]).toContain('migrations/meals/alembic.ini');
    expect([...files.keys()]).toContain('migrations/meals/migrations/versions/one.py');
  });

  it('runs the image where it has no migrations, whatever the folder holds', async () => {
    const meals = { image: reference, source: 'bare' };
    const { images, built } = await gatherContents(root, await reading(yamlOf({ meals })));
    expect({ images, built }).toEqual({ images: { meals: reference }, built: {} });
  });

  it('whose folder lacks the migrations is refused by what is missing', async () => {
    const config = await reading(
      yamlOf({ meals: { image: reference, source: 'bare', migrations: true } }),
    );
    await expect(requireFiles(root, config, { sources: true })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      why: expect.stringMatching(/services\.meals\.source \(line \d+\): .*bare\/alembic\.ini/),
    });
  });
});

describe('a key that another one makes void is refused where it stands', () => {
  const meals = { image: reference };
  it.each([
    [
      'migrations of an image without a source',
      yamlOf({ meals: { ...meals, migrations: true } }),
      /services\.meals\.migrations \(line \d+\): .*`source`.*`migrations: false`/,
    ],
    [
      'a login of a service without a schema',
      yamlOf({ meals: { ...meals, secrets: { url: 'database' } } }),
      /services\.meals\.secrets\.url \(line \d+\): .*`migrations: true`/,
    ],
    [
      'a variable that is the address of a called service',
      yamlOf({ door: { ...meals, calls: ['meals'], env: { MEALS_URL: 'x' } }, meals }),
      /services\.door\.env\.MEALS_URL \(line \d+\): .*address of meals/,
    ],
    [
      'two secrets of one id',
      yamlOf({
        a1: { ...meals, secrets: { 'b1-c': 'generated' } },
        'a1-b1': { ...meals, secrets: { c: 'generated' } },
      }),
      /services\.a1-b1\.secrets\.c \(line \d+\): would be the secret a1-b1-c, which is a1's/,
    ],
    [
      'a pool of a service that has no database',
      yamlOf({ meals: { ...meals, secrets: { key: 'generated' }, pool: 5 } }),
      /services\.meals\.pool \(line \d+\): .*no secret from `database`/,
    ],
    [
      'a variable that is the pool',
      yamlOf({
        meals: {
          ...meals,
          secrets: { url: 'database' },
          pool: 5,
          env: { DATABASE_POOL: '9' },
        },
      }),
      /services\.meals\.env\.DATABASE_POOL \(line \d+\): is set by `pool`/,
    ],
    [
      'the mail address of a budget that nobody pays',
      yamlOf({ meals }, { budgetEmail: 'a@example.org' }),
      /environments\.production\.budgetEmail \(line \d+\): .*`billingAccount`/,
    ],
  ])('%s', async (_what, written, why) => {
    await expect(reading(written)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      why: expect.stringMatching(why),
    });
  });

  it('but a stored release that holds it stays readable', () => {
    const written = yamlOf({ meals: { ...meals, migrations: true } });
    expect(BundledConfig.safeParse(written).success).toBe(true);
  });
});
