import { expect, it } from 'vitest';
import { judgeThings } from '../../src/destruction/judge-things.ts';
import type { Thing } from '../../src/drills/what-is-left.ts';

const site = { name: 'production' };
const ours = { 'managed-by': 'windlass', environment: 'production' };
const at = '2026-11-01T10:00:00Z';

function thing(kind: Thing['kind'], name: string, more: Partial<Thing> = {}): Thing {
  return { kind, name: `projects/p/things/${name}`, labels: {}, ...more };
}

it('counts as its own what carries its labels or stands in its state, and nothing else', () => {
  const { owned, foreign } = judgeThings(
    site,
    [
      { kind: 'account', name: 'run-web@p.iam.gserviceaccount.com' },
      { kind: 'budget', name: 'windlass production' },
      { kind: 'secret', name: 'gone' },
    ],
    [
      thing('service', 'web', { labels: ours }),
      thing('service', 'api', { labels: { ...ours, environment: 'staging' } }),
      thing('account', 'run-web@p.iam.gserviceaccount.com'),
      thing('account', 'run-old@p.iam.gserviceaccount.com'),
      thing('bucket', 'p-releases'),
    ],
  );
  expect(owned).toEqual([
    { kind: 'service', name: 'web' },
    { kind: 'account', name: 'run-web@p.iam.gserviceaccount.com' },
    { kind: 'budget', name: 'windlass production' },
  ]);
  expect(foreign).toEqual([
    'service api: labelled as one of staging',
    'account run-old@p.iam.gserviceaccount.com: neither its labels nor the Terraform state prove that Windlass made it',
  ]);
});

it('refuses where somebody made another under a name that the state holds', () => {
  const state = [{ kind: 'secret', name: 'web-key', createdAt: at }];
  const same = thing('secret', 'web-key', { createdAt: at });
  expect(judgeThings(site, state, [same]).owned).toHaveLength(1);
  const other = thing('secret', 'web-key', { createdAt: '2026-11-02T10:00:00Z' });
  expect(() => judgeThings(site, state, [other])).toThrow('somebody else made secret web-key');
  expect(judgeThings(site, state, [{ ...other, labels: ours }]).owned).toHaveLength(1);
});
