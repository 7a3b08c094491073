import { z } from 'zod';
import { Failure } from '../failure.ts';

const Answer = z.object({ value: z.string().min(1) });
const patienceMs = 10_000;

/** Whether this process is a CI job that may ask for tokens, by GitHub’s two variables. */
export function inCi(env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(env['ACTIONS_ID_TOKEN_REQUEST_URL'] && env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']);
}

/** A token for one audience, from the service that the job’s variables name. */
export async function ciToken(audience: string, env: NodeJS.ProcessEnv = process.env) {
  const url = new URL(env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  url.searchParams.set('audience', audience);
  const bearer = env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '';
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  }).catch((cause: unknown) => {
    throw noToken(`${url.host} does not answer (${String(cause)})`);
  });
  if (!answer.ok) throw noToken(`${url.host} answers ${answer.status}`);
  const read = Answer.safeParse(await answer.json().catch(() => undefined));
  if (!read.success) throw noToken(`${url.host} answers without a token`);
  return read.data.value;
}

function noToken(why: string): Failure {
  return new Failure({
    code: 'CI_TOKEN_REFUSED',
    what: 'The CI gives this job no token; nothing was started',
    why,
    fix: 'Give the job `permissions: { id-token: write }`.',
  });
}
