import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { callSupabase, secondsToReset } from '../../src/supabase/client.ts';
import { findProject } from '../../src/supabase/project.ts';
import { waitUntilReady } from '../../src/supabase/readiness.ts';
import { openScript } from './scripted-api.ts';
import type { Scripted, ScriptedApi } from './scripted-api.ts';
import { held } from '../../src/held.ts';

let api: ScriptedApi;
afterEach(() => api.close());

const ref = 'abcdefghijklmnopqrst';
const call = {
  action: 'list the organizations',
  path: '/organizations',
  answer: z.array(z.unknown()),
};
const opened = async (...script: readonly Scripted[]) => (api = await openScript(script));

function project(status: string, name = 'wellness-production') {
  return {
    ...{ id: ref, ref, name, organization_slug: 'wellness', region: 'us-east-1', status },
    database: { host: `db.${ref}.supabase.co` },
  };
}

describe('a call of the Management API', () => {
  test('waits out the rest of the minute when the limit is reached, and asks once more', async () => {
    const headers = { 'x-ratelimit-reset': '0' };
    const { access, asked } = await opened({ status: 429, headers }, { status: 200, body: [] });
    expect(await callSupabase(access, call)).toEqual([]);
    expect(asked).toEqual(['GET /v1/organizations', 'GET /v1/organizations']);
  });

  test.each([
    [null, 60],
    ['soon', 60],
    ['-1', 60],
    ['3600', 60],
    ['42', 42],
    ['0', 0],
  ])('waits the whole minute unless the answer says what is left of it: %s', (header, seconds) => {
    expect(secondsToReset(header)).toBe(seconds);
  });

  test('gives up after the second refusal, as something that a later try mends', async () => {
    const headers = { 'x-ratelimit-reset': '0' };
    const { access, asked } = await opened({ status: 429, headers, body: { message: 'slow' } });
    const calling = callSupabase(access, call);
    await expect(calling).rejects.toMatchObject({ code: 'SUPABASE_BUSY', class: 'retry' });
    expect(asked).toHaveLength(2);
  });

  test('stops waiting for the minute when it is aborted', async () => {
    const { access, asked } = await opened({ status: 429 });
    const stop = new AbortController();
    const calling = held(callSupabase(access, call, { signal: stop.signal }));
    await expect.poll(() => asked.length).toBe(1);
    stop.abort();
    await expect(calling).rejects.toMatchObject({ name: 'AbortError' });
  });

  test.each([
    [401, 'SUPABASE_UNAUTHENTICATED', 'undo'],
    [403, 'SUPABASE_DENIED', 'undo'],
    [404, 'SUPABASE_NOT_FOUND', 'undo'],
    [400, 'SUPABASE_INVALID', 'undo'],
    [503, 'SUPABASE_UNAVAILABLE', 'retry'],
  ])('that answers %i fails as %s with the words of the answer', async (status, code, kind) => {
    const { access } = await opened({ status, body: { message: ['site_url is wrong', 'twice'] } });
    const failure = { code, class: kind, why: 'site_url is wrong; twice' };
    await expect(callSupabase(access, call)).rejects.toMatchObject(failure);
  });

  test('whose answer has another shape is a failure, not a guess', async () => {
    const { access } = await opened({ status: 200, body: { organizations: [] } });
    const calling = callSupabase(access, call);
    await expect(calling).rejects.toMatchObject({ code: 'SUPABASE_ANSWER_STRANGE' });
  });
});

describe('a project', () => {
  test('is found by name and organization, not by name alone, and not when it is going', async () => {
    const stranger = { ...project('ACTIVE_HEALTHY'), organization_slug: 'other' };
    const body = [stranger, project('GOING_DOWN'), project('ACTIVE_HEALTHY', 'else')];
    const { access } = await opened({ status: 200, body });
    const wanted = { name: 'wellness-production', organization: 'wellness' };
    expect(await findProject(access, wanted)).toBeUndefined();
  });

  test('that exists twice is not chosen by chance', async () => {
    const body = [project('ACTIVE_HEALTHY'), project('INACTIVE')];
    const { access } = await opened({ status: 200, body });
    const finding = findProject(access, { name: 'wellness-production', organization: 'wellness' });
    await expect(finding).rejects.toMatchObject({ code: 'SUPABASE_PROJECT_AMBIGUOUS' });
  });

  test('is ready only when database, Auth and REST say so, whatever its status', async () => {
    const coming = [{ name: 'rest', status: 'COMING_UP' }];
    const { access } = await opened(
      { status: 200, body: project('COMING_UP') },
      { status: 200, body: project('ACTIVE_HEALTHY') },
      { status: 200, body: coming },
      { status: 200, body: project('ACTIVE_HEALTHY') },
      { status: 200, body: [{ name: 'rest', status: 'ACTIVE_HEALTHY' }] },
    );
    const seen: string[] = [];
    const onStatus = (status: string) => seen.push(status);
    const ready = await waitUntilReady(access, ref, { everyMs: 1, onStatus });
    expect(ready.host).toBe(`db.${ref}.supabase.co`);
    expect(seen).toEqual(['COMING_UP', 'rest COMING_UP']);
  });

  test.each(['INACTIVE', 'PAUSING', 'GOING_DOWN', 'REMOVED', 'INIT_FAILED', 'RESTORE_FAILED'])(
    'that is %s is refused at once, with the way out',
    async (status) => {
      const { access, asked } = await opened({ status: 200, body: project(status) });
      const waiting = waitUntilReady(access, ref);
      await expect(waiting).rejects.toMatchObject({ code: 'SUPABASE_PROJECT_UNUSABLE' });
      expect(asked).toHaveLength(1);
    },
  );
});
