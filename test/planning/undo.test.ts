import { describe, expect, it } from 'vitest';
import { nameOfLoss } from '../../src/planning/undo/resource-undo.ts';
import { undoPlan } from '../../src/planning/undo/undo-plan.ts';
import type { Changes } from '../../src/planning/undo/undo-plan.ts';
import { LedgerEntry } from '../../src/releases/ledger-entry.ts';
import { PlanJson } from '../../src/terraform/plan-json.ts';

const nothing: Changes = {
  terraform: [],
  migrations: [],
  settings: [],
  missingSecrets: [],
  promote: [],
};

/** A terraform plan of these changes: [address, type, actions, values before]. */
function terraform(
  ...changes: readonly (readonly [string, string, readonly string[], object?])[]
): PlanJson {
  return PlanJson.parse({
    format_version: '1.2',
    resource_changes: changes.map(([address, type, actions, before]) => ({
      address,
      type,
      change: { actions, before: before ?? null },
    })),
  });
}

function migration(kind: string | null) {
  const revisions = [{ revision: 'habits_0004', kind }];
  return { service: 'habits', from: 'habits_0003', revisions };
}

describe('the undo of a plan', () => {
  it('says of every resource how it goes back', () => {
    const plan = terraform(
      ['a', 'google_secret_manager_secret', ['create']],
      ['b', 'google_billing_budget', ['update'], {}],
      ['module.callees["meals"].this', 'google_cloud_run_v2_service', ['update'], {}],
      ['d', 'google_secret_manager_secret_iam_member', ['delete'], {}],
      ['e', 'google_billing_budget', ['no-op'], {}],
    );
    const { entries, coveragePercent, pointsOfNoReturn } = undoPlan(
      { ...nothing, terraform: [plan] },
      [],
    );
    expect(entries.map(({ name, undo }) => [name, undo])).toEqual([
      ['a', 'delete'],
      ['b', 'restore values'],
      ['module.callees["meals"].this', 'previous revision'],
      ['d', 'restore values'],
    ]);
    expect(coveragePercent).toBe(100);
    expect(pointsOfNoReturn).toEqual([]);
  });

  it.each([
    ['google_secret_manager_secret', { secret_id: 'meals-key' }, 'secret:meals-key'],
    ['google_service_account', { account_id: 'run-meals' }, 'account:run-meals'],
    ['google_storage_bucket', { name: 'photos' }, 'bucket:photos'],
    ['google_cloud_run_v2_service', { name: 'meals-2' }, 'service:meals-2'],
    ['google_cloud_run_v2_worker_pool', { name: 'meals-2' }, 'worker:meals-2'],
    ['google_cloud_run_v2_job', { name: 'meals-candidate' }, 'job:meals'],
  ])(
    'names the loss of a %s by itself, a job’s candidate alone by its label',
    (type, own, name) => {
      const before = { ...own, labels: { service: 'meals' } };
      const change = { actions: ['delete'], before, after: null };
      const [resource] = PlanJson.parse({
        format_version: '1.2',
        resource_changes: [{ address: 'x', type, change }],
      }).resource_changes;
      expect(resource && nameOfLoss(resource)).toBe(name);
    },
  );

  it.each([
    ['google_cloud_run_v2_service', { name: 'meals' }, 'service:meals'],
    ['google_secret_manager_secret', { secret_id: 'meals-key' }, 'secret:meals-key'],
    ['google_storage_bucket', { name: 'photos' }, 'bucket:photos'],
    ['google_service_account', { account_id: 'run-meals' }, 'account:run-meals'],
    ['google_sql_database', { name: 'wellness' }, 'database:wellness'],
  ])('knows no way back from the loss of a %s, deleted or replaced', (type, before, name) => {
    for (const actions of [['delete'], ['delete', 'create']]) {
      const plan = terraform(['x', type, actions, before]);
      const undo = undoPlan({ ...nothing, terraform: [plan] }, []);
      expect(undo.pointsOfNoReturn).toEqual([name]);
      expect(undo.coveragePercent).toBe(0);
    }
  });

  it('goes down an expanding revision, and knows no way back from any other', () => {
    const expand = undoPlan({ ...nothing, migrations: [migration('expand')] }, []);
    expect(expand.entries[0]).toMatchObject({ undo: 'downgrade', how: 'to habits_0003' });
    for (const kind of ['contract', 'irreversible', null]) {
      const lossy = undoPlan({ ...nothing, migrations: [migration(kind)] }, []);
      expect(lossy.pointsOfNoReturn).toEqual(['migration:habits_0004']);
    }
  });

  it('keeps what a program adds that has no way down, and takes it for no loss', () => {
    const program = (back: boolean, kind = 'expand') => {
      const one = { revision: 'api-1', kind, program: true as const, back: { exists: back } };
      return undoPlan(
        { ...nothing, migrations: [{ service: 'api', from: 'api-0', revisions: [one] }] },
        [],
      );
    };
    expect(program(true).entries[0]).toMatchObject({ undo: 'downgrade', how: 'to api-0' });
    const kept = program(false);
    expect(kept.entries[0]).toMatchObject({ undo: 'keep', how: expect.stringContaining('stays') });
    expect(kept).toMatchObject({ coveragePercent: 0, pointsOfNoReturn: [] });
    expect(program(false, 'irreversible').pointsOfNoReturn).toEqual(['migration:api-1']);
  });

  it('gives a setting its exact value back, and keeps a project that it created', () => {
    const settings = ['jwt_exp: 3600 -> 86400', 'create the project wellness'];
    const { entries, coveragePercent } = undoPlan({ ...nothing, settings }, []);
    expect(entries.map(({ name, undo, how }) => [name, undo, how])).toEqual([
      ['jwt_exp', 'restore values', 'back to 3600'],
      ['the project wellness', 'empty and keep', expect.stringContaining('never deleted')],
    ]);
    expect(coveragePercent).toBe(50);
  });

  it('estimates its time from what the ledger recorded, else from the defaults', () => {
    const changes = { ...nothing, promote: ['meals'] };
    expect(undoPlan(changes, [])).toMatchObject({ seconds: 10, basis: 'defaults' });
    const deploy = entry(1, 'deploy', { promote: 4.2 });
    expect(undoPlan(changes, [deploy])).toMatchObject({ seconds: 5, basis: 'recorded' });
    const rollback = entry(2, 'rollback', { traffic: 1.3 });
    expect(undoPlan(changes, [deploy, rollback])).toMatchObject({ seconds: 2 });
  });
});

function entry(number: number, kind: string, seconds: Readonly<Record<string, number>>) {
  return LedgerEntry.parse({
    ...{ number, kind, seconds, at: '2026-01-01T00:00:00Z', runId: `run-${number}` },
    ...{ actor: 'tester', outcome: 'succeeded', previous: '0', hash: '0' },
  });
}
