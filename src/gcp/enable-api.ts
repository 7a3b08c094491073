import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';

const Api = z.object({ state: z.string().default('') });
const looks = 60;
const everyMs = 1000;

/** Has an API of the project switched on, and waits until Google says so; safe to run twice. */
export async function enableApi(
  access: GoogleAccess,
  api: string,
  waiting: Waiting = {},
): Promise<void> {
  const url = `${access.endpoints.serviceUsage}/v1/projects/${access.project}/services/${api}`;
  const look = { action: `check whether ${api} is enabled`, url, answer: Api };
  for (let left = looks; left > 0; left -= 1) {
    const { state } = await callGoogle(access, look, waiting);
    if (state === 'ENABLED') return;
    if (left === looks) await switchOn(access, api, url, waiting);
    else await pause(everyMs, undefined, waiting.signal ? { signal: waiting.signal } : {});
  }
  throw new Failure({
    code: 'GOOGLE_API_OFF',
    what: `${api} is not enabled in ${access.project}`,
    why: 'enabling it did not finish within a minute',
    fix: `Try again, or enable it yourself: \`gcloud services enable ${api} --project ${access.project}\`.`,
  });
}

async function switchOn(
  access: GoogleAccess,
  api: string,
  url: string,
  waiting: Waiting,
): Promise<void> {
  const deed = { action: `enable ${api}`, mutating: true, method: 'POST', body: {} } as const;
  await callGoogle(access, { ...deed, url: `${url}:enable`, answer: z.unknown() }, waiting);
}
