import { afterEach, expect, test } from 'vitest';
import { Config } from '../../src/config/config.ts';
import { checkReady } from '../../src/smoke/ready.ts';
import { serviceThat } from './service.ts';
import type { Answering } from './service.ts';

let open: Answering | undefined;
afterEach(() => open?.close());

function siteOf(service: object, releaseFormat?: number) {
  const config = Config.parse({ name: 'shop', services: { api: service }, environments: {} });
  return { config, ...(releaseFormat !== undefined && { releaseFormat }) };
}

const image = { image: 'docker.io/library/api:1', public: true };
const stated = {
  ...image,
  ready: { path: '/up', status: 202, json: { revision: '${revision}', ok: true } },
};

async function candidate(status: number, body: unknown) {
  open = await serviceThat(() => [status, body]);
  return open.reach;
}

test('a service that states nothing is asked nothing: its start-up probe was all', async () => {
  const reach = await candidate(500, 'no');
  expect(await checkReady(siteOf(image), reach)).toBe('api: started, as its start-up probe says');
  expect(open?.asked).toEqual([]);
});

test('a service is asked what it states, at its path', async () => {
  const reach = await candidate(202, { revision: 'api-00002', ok: true, more: 1 });
  expect(await checkReady(siteOf(stated), reach)).toBe('api: ready, /up answered 202');
  expect(open?.asked).toEqual(['GET /up']);
});

test.each([
  [200, { ok: true }, /answered 200 instead of 202/],
  [302, '', /answered 302 instead of 202/],
  [202, { revision: 'api-00001', ok: true }, /revision is "api-00001", not "api-00002"/],
  [202, 'fine', /it is "fine", not an object/],
])('an answer %s %j is named as another than stated', async (status, body, why) => {
  const reach = await candidate(status, body);
  await expect(checkReady(siteOf(stated), reach)).rejects.toMatchObject({
    code: 'SMOKE_FAILED',
    what: 'api is not ready',
    why: expect.stringMatching(why),
  });
});

test('a release from before is asked for the form that every service had', async () => {
  const before = siteOf({ ...image, secrets: { key: 'generated' } }, 1);
  const right = await candidate(200, { revision: 'api-00002', secrets: ['key'] });
  expect(await checkReady(before, right)).toBe('api: ready, 1 secrets');
  expect(open?.asked).toEqual(['GET /readyz']);
  open?.close();
  const lacking = await candidate(200, { secrets: [] });
  await expect(checkReady(before, lacking)).rejects.toThrow('api cannot read its secrets');
});
