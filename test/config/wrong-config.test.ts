import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { requireFiles } from '../../src/config/require-files.ts';
import { exitCodeFor } from '../../src/cli/exit-codes.ts';
import { temporaryFolder } from '../setup/process.ts';
import { wrongLines } from './wrong-lines.ts';
import type { Where } from './wrong-lines.ts';

let root: string;
beforeAll(async () => {
  root = await temporaryFolder('wrong');
});
afterAll(() => rm(root, { recursive: true }));

const image = `us-docker.pkg.dev/p/r/api@sha256:${'a'.repeat(64)}`;

/** A windlass.yaml with nothing wrong; what is added goes below `web`, `api`, the top or production. */
const sound = `name: shop
region: us-central1
#top
services:
  web:
    image: ${image}
    public: true
    #web
  api:
    image: ${image}
    #api
environments:
  production:
    target: cloud
    #production
    project: shop-production
    supabase:
      organization: shop
      project: shop
      #supabase
      settings:
        jwt_exp: 3600
        mailer_autoconfirm: false
        site_url: https://shop.example.org
        uri_allow_list: ''
`;

const depth = { '#top': 0, '#web': 4, '#api': 4, '#production': 4, '#supabase': 6 } as const;

/** Reads the file with lines added; the failure, and the line of each key. */
async function wrong(where: Where, added: string, sources = false) {
  const indent = ' '.repeat(depth[where]);
  const lines = added.split('\n').map((line) => `${indent}${line}`);
  const text = sound.replace(`${indent}${where}`, lines.join('\n'));
  await writeFile(join(root, 'windlass.yaml'), text);
  const written = text.split('\n');
  const first = written.indexOf(lines[0] ?? '');
  /** The key itself where it was added, else the nearest one above it. */
  const lineOf = (key: string) => {
    const at = lines.findIndex((line) => line.includes(`${key.split('.').at(-1)}:`));
    if (at >= 0) return first + at + 1;
    const above = key
      .split('.')
      .findLast((part) => written.some((l) => l.trim().startsWith(`${part}:`)));
    return written.findIndex((line) => line.trim().startsWith(`${above}:`)) + 1;
  };
  const failure: unknown = await readConfig(root)
    .then((config) => requireFiles(root, config, { sources, environment: 'production' }))
    .catch((error: unknown) => error);
  if (!(failure instanceof Failure)) throw new Error(`nothing is wrong with ${added}`);
  return { failure, lineOf };
}

describe('a wrong windlass.yaml is refused by its key, its line and what to write instead', () => {
  it.each(wrongLines)('%s %s', async (where, added, ...[key, why, fix]) => {
    const { failure, lineOf } = await wrong(where, added, true);
    expect(failure.code).toBe('CONFIG_INVALID');
    expect(failure.what).toBe('windlass.yaml has an error');
    expect(failure.why).toContain(`${key} (line ${lineOf(key)}): `);
    expect(failure.why).toMatch(why);
    expect(failure.fix).toMatch(fix);
    expect(failure.fix).toMatch(/run the command again\.$/);
    expect(exitCodeFor(failure)).toBe(2);
  });
});
