import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { held } from '../../src/held.ts';
import { withClient } from '../../src/postgres/connect.ts';
import type { Site } from '../../src/site.ts';
import { behindLoss } from '../../src/supabase/behind-loss.ts';
import { pooledConnection, runSql } from '../../src/supabase/database.ts';
import type { DatabaseAddress } from '../../src/supabase/database.ts';
import { createProject, readProject } from '../../src/supabase/project.ts';
import { waitUntilReady } from '../../src/supabase/readiness.ts';
import { siteAt } from '../environments/site.ts';
import { openStandIn } from '../sandbox/supabase/stand-in.ts';
import type { StandIn } from '../sandbox/supabase/stand-in.ts';

const password = 'a-password-of-a-test';
let standIn: StandIn;
let site: Site;
let ref = '';
let address: DatabaseAddress;

beforeAll(async () => {
  standIn = await openStandIn();
  const { token, managementUrl: api } = standIn.supabase;
  site = await siteAt(standIn.folder, {
    google: { url: 'http://127.0.0.1:1', token: async () => 'none' },
    supabase: { api, token: async () => token, projectUrl: async () => api },
  });
  const { organization, project: name, region } = site.environment.supabase;
  const project = await createProject(site.supabase, { name, organization, region, password });
  ref = project.ref;
  await waitUntilReady(site.supabase, ref);
  address = await pooledConnection(site.supabase, ref);
}, 120_000);

afterAll(() => standIn[Symbol.asyncDispose]());

const behind = async (work: () => Promise<unknown>): Promise<unknown> => {
  const error = await work().catch((thrown: unknown) => thrown);
  return behindLoss(site, error);
};
const bySql = () => runSql(site.supabase, { ref, query: 'select 1' });
const byPostgres = () => withClient({ ...address, password }, (one) => one.query('select 1'));
const reaches = async (status: string): Promise<void> => {
  while ((await readProject(site.supabase, ref)).status !== status) await pause(20);
};

describe('what a failed call of a database is really about', () => {
  test.each([
    ['the Management API', bySql],
    ['Postgres itself', byPostgres],
  ])(
    'a paused project, asked through %s: not tried again, and how to restore it',
    async (_, ask) => {
      const { status } = await readProject(site.supabase, ref);
      if (status === 'ACTIVE_HEALTHY') await standIn.api('POST', `/v1/projects/${ref}/pause`);
      await reaches('INACTIVE');
      expect(await behind(ask)).toMatchObject({
        code: 'SUPABASE_PROJECT_UNUSABLE',
        class: 'undo',
        why: expect.stringContaining('INACTIVE'),
        fix: expect.stringContaining('restore it'),
      });
    },
  );

  test('one that comes up again: its status and the error, tried again', async () => {
    await standIn.api('POST', `/v1/projects/${ref}/restore`);
    expect(await behind(bySql)).toMatchObject({
      code: 'SUPABASE_PROJECT_BUSY',
      class: 'retry',
      what: expect.stringContaining('RESTORING'),
    });
    await reaches('ACTIVE_HEALTHY');
  });

  test('a session that dies in a restart is tried again, and the next one works', async () => {
    const sleep = () =>
      withClient({ ...address, password }, (one) => one.query('select pg_sleep(60)'));
    const failing = held(behind(sleep));
    await pause(300);
    await standIn.api('PUT', `/v1/projects/${ref}/ssl-enforcement`, {
      requestedConfig: { database: true },
    });
    expect(await failing).toMatchObject({ class: 'retry' });
    await reaches('ACTIVE_HEALTHY');
  });

  test('an error of a healthy project stays what it is, as does one that is no loss', async () => {
    const wrong = new Failure({ code: 'DATABASE_REFUSED', what: 'w', why: 'y', fix: 'f' });
    expect(await behindLoss(site, wrong)).toBe(wrong);
    await standIn.api('POST', `/v1/projects/${ref}/pause`);
    const local = new Failure({ code: 'DISK_FULL', what: 'w', why: 'y', fix: 'f' });
    expect(await behindLoss(site, local)).toBe(local);
  });
});
