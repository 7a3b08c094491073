import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listObjects } from '../../src/gcp/objects.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openRig();
});

afterAll(async () => {
  await rig.close();
});

describe('a deploy into an empty sandbox', () => {
  it('brings up eight services, each with the digest of its plan', async () => {
    const ended = await rig.windlass('deploy', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
    const urls = [...ended.stdout.matchAll(/http:\/\/127\.0\.0\.1:\d+/g)].map(([url]) => url);
    expect(urls).toHaveLength(8);
    const answers = await Promise.all(
      urls.map(async (url) => (await fetch(`${url}/readyz`)).status),
    );
    expect(answers.filter((status) => status === 200)).toHaveLength(1); // the gateway is public
    expect(answers.filter((status) => status === 403)).toHaveLength(7); // the others want its account
  });

  it('is planned once: the empty state that terraform leaves is no reason to plan again', async () => {
    const site = await rig.site();
    const plans = await listObjects(site.google, site.releaseBucket, 'plans/');
    expect(plans.filter(({ name }) => /\/plan-\w+\.json$/.test(name))).toHaveLength(1);
  });

  it('finds nothing to change the second time and makes no revision', async () => {
    const before = await rig.fingerprint();
    const ended = await rig.windlass('deploy', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toContain('nothing to change');
    expect((await rig.fingerprint()).lines).toEqual(before.lines);
  });
});
