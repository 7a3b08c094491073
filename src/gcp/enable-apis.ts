import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { enabledApis } from './enabled-apis.ts';

const atOnce = 20; // Google's limit of one call
const patienceMs = 5 * 60_000;
const everyMs = 1000;

/** Has several APIs of the project switched on, and waits until Google says so; safe to run twice. */
export async function enableApis(
  access: GoogleAccess,
  apis: readonly string[],
  waiting: Waiting = {},
): Promise<void> {
  for (let at = 0; at < apis.length; at += atOnce)
    await switchOn(access, apis.slice(at, at + atOnce), waiting);
  for (const until = Date.now() + patienceMs; ;) {
    const on = await enabledApis(access, waiting);
    const off = apis.filter((api) => !on.includes(api));
    if (off.length === 0) return;
    if (Date.now() > until) throw stillOff(access, off);
    await pause(everyMs, undefined, waiting.signal ? { signal: waiting.signal } : {});
  }
}

async function switchOn(
  access: GoogleAccess,
  apis: readonly string[],
  waiting: Waiting,
): Promise<void> {
  const url = `${access.endpoints.serviceUsage}/v1/projects/${access.project}/services:batchEnable`;
  const deed = { action: `enable ${apis.join(', ')}`, mutating: true, method: 'POST' } as const;
  const call = { ...deed, url, body: { serviceIds: apis }, answer: z.unknown() };
  await callGoogle(access, call, waiting);
}

function stillOff({ project }: GoogleAccess, off: readonly string[]): Failure {
  return new Failure({
    code: 'GOOGLE_API_OFF',
    what: `${off.join(', ')} not enabled in ${project}`,
    why: `enabling did not finish within ${patienceMs / 60_000} minutes`,
    fix: `Try again, or enable them yourself: \`gcloud services enable ${off.join(' ')} --project ${project}\`.`,
  });
}
