import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { openSupabase, type Supabase } from '../../../sandbox/supabase/open-supabase.ts';
import { openWorld, type World } from '../../../sandbox/world.ts';

/** An answer with its JSON body, null where it is empty. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** Calls the Management API as the owner, or with another token. */
export type Api = (method: string, path: string, body?: unknown, token?: string) => Promise<Answer>;

/** The stand-in on a world of its own, with what a test calls it by. */
export interface StandIn extends AsyncDisposable {
  readonly folder: string;
  readonly world: World;
  readonly supabase: Supabase;
  readonly api: Api;
  close(): Promise<void>;
}

/** Opens the stand-in on a new folder, or again on one that is known. */
export async function openStandIn(known?: string): Promise<StandIn> {
  const folder = known ?? (await mkdtemp(join(tmpdir(), 'windlass-supabase-')));
  const world = openWorld(join(folder, 'world'));
  const organizations = ['wellness-production', 'wellness-staging'];
  const supabase = await openSupabase(world, { organizations });
  const close = async (): Promise<void> => {
    await supabase.close();
    world.close();
  };
  return {
    folder,
    world,
    supabase,
    api: (method, path, body, token = supabase.token) =>
      send(`${supabase.managementUrl}${path}`, method, { authorization: `Bearer ${token}` }, body),
    close,
    async [Symbol.asyncDispose]() {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Settings by which a project's mails go out: the sandbox's own server takes them for any name. */
export const mailServer = {
  smtp_host: 'smtp.shop.dev',
  smtp_port: '587',
  smtp_admin_email: 'hello@shop.dev',
  smtp_sender_name: 'Shop',
};

/** A project that is healthy and has the IPv4 add-on, with its addresses and its two keys. */
export async function readyProject(api: Api, name = 'wellness-production') {
  const wanted = { name, organization_slug: 'wellness-production', db_pass: 'owner-password' };
  const { ref } = Ref.parse((await api('POST', '/v1/projects', wanted)).body);
  await healthy(api, ref);
  const ipv4 = { addon_type: 'ipv4', addon_variant: 'ipv4_default' };
  await api('PATCH', `/v1/projects/${ref}/billing/addons`, ipv4);
  return opened(api, ref);
}

/** Waits until the status and every asked service say ACTIVE_HEALTHY. */
export async function healthy(api: Api, ref: string): Promise<void> {
  // 110 looks in 45 s stay below the limit of 120 calls a minute.
  for (let look = 0; look < 110; look += 1) {
    const health = await api('GET', `/v1/projects/${ref}/health?services=db,auth,rest`);
    if (Health.parse(health.body).every((service) => service.healthy)) return;
    await delay(look < 20 ? 100 : 500);
  }
  throw new Error(`project ${ref} did not become healthy`);
}

/** How a test reaches a project that is up; `db` is its own host. */
export async function opened(api: Api, ref: string) {
  const { url, db } = Place.parse((await api('GET', `/_sandbox/projects/${ref}`)).body);
  const shown = await api('GET', `/v1/projects/${ref}/api-keys?reveal=true`);
  const keys = Keys.parse(shown.body);
  const key = (type: string): string => keys.find((one) => one.type === type)?.api_key ?? '';
  const [anon, service] = [key('publishable'), key('secret')];
  const door = (method: string, path: string, options: DoorOptions = {}): Promise<Answer> => {
    const { key = anon, token, body } = options;
    const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return send(`${url}${path}`, method, { apikey: key, ...bearer }, body);
  };
  const sql = (query: string): Promise<Answer> =>
    api('POST', `/v1/projects/${ref}/database/query`, { query });
  return { ref, url, db, anon, service, door, sql };
}
export type ReadyProject = Awaited<ReturnType<typeof opened>>;

interface DoorOptions {
  readonly key?: string;
  readonly token?: string;
  readonly body?: unknown;
}

const Ref = z.object({ ref: z.string() });
const Health = z.object({ healthy: z.boolean() }).array();
const Place = z.object({ url: z.string(), db: z.object({ host: z.string(), port: z.number() }) });
const Keys = z.object({ type: z.string(), api_key: z.string() }).array();

async function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = { 'content-type': 'application/json', ...headers };
  const answer = await fetch(url, { method, headers: type, redirect: 'manual', ...content });
  const text = await answer.text();
  return { status: answer.status, body: parsed(text), headers: answer.headers };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === '' ? null : text;
  }
}
