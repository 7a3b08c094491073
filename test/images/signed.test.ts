import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseYaml } from '../../src/config/parse-yaml.ts';
import { configOf } from '../../src/config/read-config.ts';
import { everythingAt } from '../../src/gcp/access.ts';
import { localBuilds } from '../../src/images/local-builds.ts';
import { gatherImages } from '../../src/images/gather-images.ts';

const kept = new Map<string, { type: string; bytes: Buffer }>();
const registry = createServer((request, response) => {
  const found = kept.get(request.url ?? '');
  response.writeHead(found ? 200 : 404, found && { 'content-type': found.type });
  response.end(found?.bytes);
});
let root: string;
let url: string;
let image: string;
let digest: string;

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' }); // what `cosign generate-key-pair` makes
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicText = (key: KeyObject) => String(key.export({ type: 'spki', format: 'pem' }));

beforeAll(async () => {
  registry.listen(0, '127.0.0.1');
  await once(registry, 'listening');
  url = `http://127.0.0.1:${z.object({ port: z.number() }).parse(registry.address()).port}`;
  root = await mkdtemp(join(tmpdir(), 'windlass-signed-'));
  await writeFile(join(root, 'cosign.pub'), publicText(pair.publicKey));
});
afterAll(async () => {
  registry.close();
  await rm(root, { recursive: true });
});
beforeEach(() => {
  kept.clear();
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, layers: [] }));
  digest = digestOf(manifest);
  image = `us-docker.pkg.dev/team/repo/app@${digest}`;
  const type = 'application/vnd.oci.image.manifest.v1+json';
  for (const name of [digest, 'v1'])
    kept.set(`/v2/team/repo/app/manifests/${name}`, { type, bytes: manifest });
});

interface Signing {
  readonly key?: KeyObject;
  readonly about?: string;
  readonly type?: string;
  readonly alter?: (payload: string) => string;
}

/** As `cosign sign --key` of cosign 1 and 2 does it: simple signing, at the tag of the digest. */
function cosign({
  key = pair.privateKey,
  about = digest,
  type,
  alter = (one) => one,
}: Signing = {}) {
  const said = {
    critical: {
      identity: { 'docker-reference': `us-docker.pkg.dev/team/repo/app` },
      image: { 'docker-manifest-digest': about },
      type: type ?? 'cosign container image signature',
    },
    optional: null,
  };
  const signed = Buffer.from(JSON.stringify(said));
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const signature = sign(hash, signed, key).toString('base64');
  const payload = Buffer.from(alter(String(signed)));
  const layer = {
    mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
    ...{ size: payload.length, digest: digestOf(payload) },
    annotations: { 'dev.cosignproject.cosign/signature': signature },
  };
  const octets = 'application/octet-stream';
  kept.set(`/v2/team/repo/app/blobs/${layer.digest}`, { type: octets, bytes: payload });
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, layers: [layer] }));
  const tag = `${digest.replace(':', '-')}.sig`;
  kept.set(`/v2/team/repo/app/manifests/${tag}`, {
    type: 'application/vnd.oci.image.manifest.v1+json',
    bytes,
  });
  return {
    tag: `/v2/team/repo/app/manifests/${tag}`,
    blob: `/v2/team/repo/app/blobs/${layer.digest}`,
  };
}

async function gather(named = image, signedBy: unknown = 'cosign.pub') {
  const config = z.record(z.string(), z.unknown()).parse(parseYaml(yaml).value);
  const text = JSON.stringify({
    ...config,
    services: { app: { image: named } },
    images: { signedBy },
  });
  const owner = { project: 'team', region: 'us', token: async () => 'x' };
  const google = everythingAt(url, owner);
  const local = localBuilds(join(root, 'home'));
  const room = { environment: 'production', target: 'cloud', logs: root, google, local } as const;
  return gatherImages(root, configOf(text), { ...room, tell: () => undefined });
}
const yaml = `
name: app
environments:
  production:
    project: app-production
    supabase:
      organization: app
      project: app-production
      settings: { jwt_exp: 3600, mailer_autoconfirm: false, site_url: "https://app.example", uri_allow_list: "" }
`;

test('an image that the stated key has signed is taken, by digest and by tag', async () => {
  cosign();
  expect((await gather()).images).toEqual({ app: image });
  expect((await gather(`us-docker.pkg.dev/team/repo/app:v1`)).images).toEqual({ app: image });
});

test.each(['ed25519', 'rsa'])(
  'a signature of a key of the kind %s counts as well',
  async (kind) => {
    const made =
      kind === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ed25519');
    await writeFile(join(root, 'own.pub'), publicText(made.publicKey));
    cosign({ key: made.privateKey });
    expect((await gather(image, ['cosign.pub', 'own.pub'])).images).toEqual({ app: image });
  },
);

describe('is refused before anything else happens:', () => {
  const unsigned = { code: 'IMAGE_UNSIGNED', what: expect.stringContaining('app') };

  test('an image without a signature', async () => {
    await expect(gather()).rejects.toMatchObject(unsigned);
  });
  test('an image that somebody else signed', async () => {
    cosign({ key: other.privateKey });
    await expect(gather()).rejects.toMatchObject(unsigned);
  });
  test('the signature of another image', async () => {
    cosign({ about: `sha256:${'0'.repeat(64)}` });
    await expect(gather()).rejects.toMatchObject(unsigned);
  });
  test('a signature of something that is no image', async () => {
    cosign({ type: 'a letter' });
    await expect(gather()).rejects.toMatchObject(unsigned);
  });
  test('a payload that was altered', async () => {
    cosign({ alter: (text) => text.replace('"optional":null', '"optional":{}') });
    await expect(gather()).rejects.toMatchObject(unsigned);
  });
  test('a payload that is not what its digest says', async () => {
    const { blob } = cosign();
    kept.set(blob, { type: 'x/y', bytes: Buffer.from('{}') });
    await expect(gather()).rejects.toMatchObject(unsigned);
  });
  test.each(['[]', '{', '{"layers":[{"digest":"../../x","annotations":{}}]}', '{"layers":null}'])(
    'a signature manifest that reads %s',
    async (text) => {
      const { tag } = cosign();
      kept.set(tag, { type: 'x/y', bytes: Buffer.from(text) });
      await expect(gather()).rejects.toMatchObject(unsigned);
    },
  );
  test('a tag whose registry says another digest than its bytes have', async () => {
    cosign();
    kept.set('/v2/team/repo/app/manifests/v1', {
      type: 'x/y',
      bytes: Buffer.from('{"altered":true}'),
    });
    await expect(gather(`us-docker.pkg.dev/team/repo/app:v1`)).rejects.toMatchObject(unsigned);
  });
});

test.each([
  ['is not there', 'missing.pub', undefined],
  ['is no key', 'text.pub', 'hello'],
  [
    'is a private key',
    'private.pem',
    String(
      createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })).export({
        type: 'pkcs8',
        format: 'pem',
      }),
    ),
  ],
])('a key file that %s is named', async (_what, file, text) => {
  cosign();
  if (text !== undefined) await writeFile(join(root, file), text);
  await expect(gather(image, file)).rejects.toMatchObject({ code: 'SIGNING_KEY_UNREADABLE' });
});
