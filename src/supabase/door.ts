import type { SupabaseAccess, Waiting } from './access.ts';
import { request } from './client.ts';
import { isToken, readKeys } from './keys.ts';

/** A project's own address with its keys: what applications and the smoke test use. */
export interface Door {
  readonly url: string;
  readonly anonKey: string;
  readonly serviceRoleKey: string;
}

/** What a door answered; `body` is parsed JSON, or the text where it is none. */
export interface DoorAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One request at a door, by default as `anon`; `token` is a signed-in user's. */
export interface DoorCall {
  readonly path: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly as?: 'anon' | 'service_role';
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The door of a project: its address by the access, its keys by the Management API. */
export async function doorOf(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<Door> {
  const keys = await readKeys(access, ref, waiting);
  const url = (await access.projectUrl(ref)).replace(/\/+$/, '');
  return { url, anonKey: keys.anon, serviceRoleKey: keys.serviceRole };
}

/** Makes one request and gives its answer whatever the status; only no answer is a Failure. */
export async function callDoor(
  door: Door,
  call: DoorCall,
  waiting: Waiting = {},
): Promise<DoorAnswer> {
  const key = call.as === 'service_role' ? door.serviceRoleKey : door.anonKey;
  const headers = {
    apikey: key,
    ...bearer(call.token ?? (isToken(key) ? key : undefined)),
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...call.headers,
  };
  const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
  const method = call.method ?? (call.body === undefined ? 'GET' : 'POST');
  const action = `answer ${method} ${call.path}`;
  const what = { action, url: `${door.url}${call.path}`, request: { method, headers, ...body } };
  const response = await request(what, waiting);
  return { status: response.status, body: parsed(await response.text()) };
}

function bearer(token: string | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
