import { expect, test } from 'vitest';
import { DrillClaim } from '../../src/drills/drill-claim.ts';
import { refuseForeign } from '../../src/drills/refuse-foreign.ts';
import type { Thing } from '../../src/drills/what-is-left.ts';
import { siteAt } from '../environments/site.ts';

const scratch = {
  ...(await siteAt('/nowhere', {
    google: { url: 'http://127.0.0.1:9', token: async () => 'none' },
    supabase: { api: 'http://127.0.0.1:9', token: async () => 'none', projectUrl: async () => '' },
  })),
  name: 'production-drill',
};
const claim = DrillClaim.parse({
  ...{ version: 1, id: 'run-1', workflow: 'drill/production/1', at: '2026-11-28T00:00:00Z' },
  ...{ project: scratch.environment.project, supabaseRef: 'abc' },
});
const labels = { 'managed-by': 'windlass', environment: 'production-drill' };
const own: readonly Thing[] = [
  { kind: 'service', name: 'x/services/gateway', labels },
  { kind: 'secret', name: 'x/secrets/users-supabase', labels },
  { kind: 'account', name: 'x/serviceAccounts/run-users@y', labels: {} },
  { kind: 'bucket', name: 'demo-prod-state', labels: { 'windlass-drill': 'run-1' } },
  { kind: 'supabase', name: 'demo', labels: { ref: 'abc' } },
];

test('what carries the marks of the drill that claimed the place may go', () => {
  expect(() => refuseForeign(scratch, claim, own)).not.toThrow();
});

test.each(own)('without a claim nothing may: $kind', (thing) => {
  expect(() => refuseForeign(scratch, undefined, [thing])).toThrow(
    naming(thing.kind === 'supabase' ? 'Supabase' : thing.kind),
  );
});

test.each(own)('by a claim on another project nothing may: $kind', (thing) => {
  const elsewhere = { ...claim, project: 'somewhere-else' };
  expect(() => refuseForeign(scratch, elsewhere, [thing])).toThrow(naming(thing.kind.slice(1)));
});

const foreign: readonly Thing[] = [
  { kind: 'service', name: 'x/services/theirs', labels: {} },
  { kind: 'service', name: 'x/services/gateway', labels: { ...labels, environment: 'production' } },
  { kind: 'secret', name: 'x/secrets/key', labels: { environment: 'production-drill' } },
  { kind: 'repository', name: 'x/repositories/r', labels: { 'managed-by': 'terraform' } },
  { kind: 'bucket', name: 'demo-prod-state', labels: {} },
  { kind: 'bucket', name: 'demo-prod-releases', labels: { 'windlass-drill': 'run-0' } },
  { kind: 'supabase', name: 'demo', labels: { ref: 'other' } },
];

test.each(foreign)('one thing without the marks stops all of it: $kind $name', (thing) => {
  expect(() => refuseForeign(scratch, claim, [...own, thing])).toThrow(
    naming(thing.name.slice(thing.name.lastIndexOf('/') + 1)),
  );
});

function naming(what: string) {
  return expect.objectContaining({
    code: 'DRILL_PLACE_OCCUPIED',
    why: expect.stringContaining(what),
  });
}
