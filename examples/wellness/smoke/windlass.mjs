// What docs/smoke.md names, for a script in JavaScript: the contract, requests, the door.

import { readFileSync } from 'node:fs';

/** The release that is tried: services, Supabase, the door. */
export const contract = JSON.parse(readFileSync(process.env.WINDLASS_SMOKE, 'utf8'));

/** Calls a service's candidate as one of its callers. */
export function call(service, path, request = {}) {
  const { url, headers } = contract.services[service];
  return send(`${url}${path}`, { ...request, headers: { ...headers, ...request.headers } });
}

/** Writes down what must be removed, before it is made. */
export async function willMake(thing) {
  expect('The door takes what will be made', await door('/made', thing), 201);
}

/** What only an admin of Auth may do; the door writes down whom it makes. */
export function door(path, body) {
  return send(`${contract.door.url}${path}`, { headers: contract.door.headers, body });
}

/** Calls Supabase as anybody, or as a signed-in user. */
export function supabase(path, { token, ...request } = {}) {
  const headers = { apikey: contract.supabase.anonKey };
  const signedIn = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const all = { ...headers, ...signedIn, ...request.headers };
  return send(`${contract.supabase.url}${path}`, { ...request, headers: all });
}

/** Ends the script with a sentence where an answer has another status. */
export function expect(what, { status, body }, wanted) {
  if (status === wanted) return body;
  throw new Error(`${what}: answered ${status} instead of ${wanted}: ${JSON.stringify(body)}`);
}

async function send(url, { method, headers, body }) {
  const answer = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: parsed(text) };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 300);
  }
}
