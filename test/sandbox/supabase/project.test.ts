import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { openStandIn, type ReadyProject, readyProject, type StandIn } from './stand-in.ts';

let standIn: StandIn;
let project: ReadyProject;
beforeAll(async () => {
  standIn = await openStandIn();
  project = await readyProject(standIn.api);
});
afterAll(() => standIn[Symbol.asyncDispose]());

function client(user: string, password: string, database = 'postgres'): pg.Client {
  const { host, port } = project.db;
  return new pg.Client({ host, port, user, password, database });
}

describe('the Management API', () => {
  it('refuses a token that nobody gave out', async () => {
    expect(await standIn.api('GET', '/v1/projects', undefined, 'sbp_no')).toMatchObject({
      status: 401,
      body: { message: 'Unauthorized' },
    });
  });

  it('shows an organization token only its own projects', async () => {
    const made = await standIn.api('PUT', '/_sandbox/organizations/other');
    const token = String(Object(made.body).token);
    expect((await standIn.api('GET', '/v1/projects', undefined, token)).body).toEqual([]);
    const path = `/v1/projects/${project.ref}`;
    expect((await standIn.api('GET', path, undefined, token)).status).toBe(403);
  });

  it('sells add-ons, shows what was bought, and takes it back', async () => {
    const path = `/v1/projects/${project.ref}/billing/addons`;
    const bought = async () => Object((await standIn.api('GET', path)).body).selected_addons;
    expect((await standIn.api('DELETE', `${path}/ipv4_default`)).status).toBe(200);
    expect(await bought()).toEqual([]);
    const ipv4 = { addon_type: 'ipv4', addon_variant: 'ipv4_default' };
    expect((await standIn.api('PATCH', path, ipv4)).status).toBe(200);
    expect(await bought()).toMatchObject([
      { type: 'ipv4', variant: { id: 'ipv4_default', price: { amount: 4 } } },
    ]);
    const unknown = { addon_type: 'ipv4', addon_variant: 'other' };
    expect((await standIn.api('PATCH', path, unknown)).status).toBe(400);
    expect((await standIn.api('DELETE', `${path}/ipv4_default`)).status).toBe(200);
    expect(await bought()).toEqual([]);
    expect((await standIn.api('DELETE', `${path}/ipv4_default`)).status).toBe(404);
    await standIn.api('PATCH', path, ipv4); // the other tests log in at its own host
  });

  it('makes two projects of one name, as the real one does', async () => {
    const body = { name: 'twin', organization_slug: 'wellness-staging', db_pass: 'password' };
    const first = await standIn.api('POST', '/v1/projects', body);
    const second = await standIn.api('POST', '/v1/projects', body);
    expect(first).toMatchObject({ status: 201, body: { status: 'COMING_UP' } });
    const refs = [first, second].map((answer) => String(Object(answer.body).ref));
    expect(new Set(refs).size).toBe(2);
    for (const ref of refs) await standIn.api('DELETE', `/v1/projects/${ref}`);
    expect((await standIn.api('GET', `/v1/projects/${refs[0]}`)).status).toBe(404);
  });

  it('blocks the 121st call of an endpoint in a minute', async () => {
    const path = `/v1/projects/${project.ref}/secrets`;
    const calls = await Promise.all(Array.from({ length: 121 }, () => standIn.api('GET', path)));
    const blocked = calls.filter(({ status }) => status === 429);
    expect(blocked).toHaveLength(1);
    expect(blocked[0]?.headers.get('x-ratelimit-limit')).toBe('120');
    expect(blocked[0]?.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(blocked[0]?.headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
  });

  it('runs SQL as postgres and reports errors by their code', async () => {
    expect(await project.sql('select current_user as me; select 2 as two')).toMatchObject({
      status: 201,
      body: [{ two: 2 }],
    });
    const failed = await project.sql('select * from nothing_there');
    expect(failed.status).toBe(400);
    expect(Object(failed.body).message).toContain('42P01');
    const path = `/v1/projects/${project.ref}/database/query`;
    const write = { query: 'create table never (id int)', read_only: true };
    expect(Object((await standIn.api('POST', path, write)).body).message).toContain('25006');
  });

  it('changes the password of postgres', async () => {
    const path = `/v1/projects/${project.ref}/database/password`;
    await standIn.api('PATCH', path, { password: 'another-password' });
    await expect(client('postgres', 'owner-password').connect()).rejects.toThrow('password');
    const connection = client('postgres', 'another-password');
    await connection.connect();
    await connection.end();
  });

  it('refuses settings beyond their limits and fields that it does not know', async () => {
    const path = `/v1/projects/${project.ref}/config/auth`;
    for (const body of [{ jwt_exp: 604_801 }, { jwt_exq: 1 }, { password_min_length: 5 }])
      expect((await standIn.api('PATCH', path, body)).status).toBe(400);
    const patched = await standIn.api('PATCH', path, { jwt_exp: 604_800 });
    expect(patched).toMatchObject({ status: 200, body: { jwt_exp: 604_800 } });
  });

  it('loses half of a settings change under the fault `supabase`', async () => {
    const path = `/v1/projects/${project.ref}/config/auth`;
    standIn.world.faults.set('supabase', { times: 1 });
    const body = { sms_otp_length: 7, sms_max_frequency: 9 };
    expect((await standIn.api('PATCH', path, body)).status).toBe(400);
    const left = Object((await standIn.api('GET', path)).body);
    expect(
      [left.sms_otp_length === 7, left.sms_max_frequency === 9].sort(
        (a, b) => Number(a) - Number(b),
      ),
    ).toEqual([false, true]);
  });

  it('loses only the answer under the fault `ack-lost`', async () => {
    standIn.world.faults.set('ack-lost', { method: 'PATCH', pathPattern: 'config/auth', times: 1 });
    const path = `/v1/projects/${project.ref}/config/auth`;
    await expect(standIn.api('PATCH', path, { sms_otp_exp: 61 })).rejects.toThrow('fetch failed');
    expect((await standIn.api('GET', path)).body).toMatchObject({ sms_otp_exp: 61 });
  });
});

describe('the role postgres', () => {
  it('is no superuser, yet makes roles, schemas and databases', async () => {
    const made = await project.sql(`
      create role team_owner nologin;
      grant team_owner to postgres;
      create schema team authorization team_owner;
      create role team_service login password 'team-password';
      select rolsuper from pg_roles where rolname = current_user`);
    expect(made.body).toEqual([{ rolsuper: false }]);
    expect((await project.sql('create database trial')).status).toBe(201);
    expect((await project.sql('alter system set work_mem to 1')).status).toBe(400);
    const service = client('team_service', 'team-password', 'trial');
    await service.connect();
    await service.end();
    await project.sql('drop database trial');
  });
});
