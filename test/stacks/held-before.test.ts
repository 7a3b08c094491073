import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Plan, StackName } from '../../src/deploy.ts';
import { ensureBucket } from '../../src/gcp/buckets.ts';
import { replaceObject } from '../../src/gcp/object-changes.ts';
import { statObject } from '../../src/gcp/objects.ts';
import type { Site } from '../../src/site.ts';
import { heldBefore } from '../../src/stacks/held-before.ts';
import { stateObject } from '../../src/state/state-object.ts';
import { siteAt } from '../environments/site.ts';
import { openGoogle } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

let door: GoogleDoor;
let site: Site;

beforeAll(async () => {
  door = await openGoogle();
  const token = async () => 'none';
  const supabase = { api: '', token, projectUrl: async () => '', databaseCa: undefined };
  const usual = await siteAt('/nowhere', {
    google: { url: 'http://127.0.0.1:1', token },
    supabase,
  });
  site = { ...usual, google: door.access };
  await ensureBucket(site.google, site.stateBucket);
});
afterAll(() => door.close());

test('a state that was not there, or was empty, held nothing: what a run finds there later is its own', async () => {
  expect(await heldBefore(site, marked('10-foundation', null), '10-foundation')).toBe(false);
  const empty = await write('10-foundation', []);
  await write('10-foundation', [account]);
  expect(await heldBefore(site, marked('10-foundation', empty), '10-foundation')).toBe(false);
});

test('a state that held resources before the run keeps them, also for a reconciliation', async () => {
  const full = await write('20-services', [account]);
  await write('20-services', []);
  expect(await heldBefore(site, marked('20-services', full), '20-services')).toBe(true);
  const states = [{ stack: '20-services', generation: full }] as const;
  const facts = { approvedBy: 'somebody', statesBefore: states };
  const unfinished = { runId: 'run', kind: 'deploy', actor: 'somebody', steps: [], facts };
  expect(await heldBefore(site, { unfinished }, '20-services')).toBe(true);
});

test('what only was looked up is no resource, and a generation that is gone held some', async () => {
  const looked = await write('10-foundation', [{ ...account, mode: 'data' }]);
  expect(await heldBefore(site, marked('10-foundation', looked), '10-foundation')).toBe(false);
  expect(await heldBefore(site, marked('10-foundation', '17'), '10-foundation')).toBe(true);
});

const account = { mode: 'managed', type: 'google_service_account', name: 'run', instances: [] };

/** Writes the state of a stack; its generation. */
async function write(stack: StackName, resources: readonly object[]): Promise<string> {
  const ref = await stateObject(site, stack);
  const generation = (await statObject(site.google, ref))?.generation ?? '0';
  const about = { version: 4, terraform_version: '1.0.0', serial: 1, lineage: 'one', outputs: {} };
  const content = Buffer.from(JSON.stringify({ ...about, resources }));
  return (await replaceObject(site.google, { ...ref, generation }, content)).generation;
}

function marked(stack: StackName, generation: string | null): { readonly plan: Plan } {
  return { plan: { ...nothingPlanned, states: [{ stack, generation }] } };
}

const nothingPlanned: Plan = {
  ...{ digest: '', details: { object: '', sha256: '' }, stacks: [], migrations: [], settings: [] },
  ...{ promote: [], secretVersions: {}, missingSecrets: [], unchanged: true, states: [] },
  cost: { fixed: 0, unknown: [] },
  undo: {
    ...{ changes: 0, coveragePercent: 100, ways: {}, pointsOfNoReturn: [] },
    ...{ seconds: 0, basis: 'defaults' },
  },
};
