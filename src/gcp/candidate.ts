import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { readService } from './run.ts';
import { existing, setTraffic } from './run-traffic.ts';
import { candidateTag, withCandidate, withoutCandidate } from './traffic-split.ts';

/** Makes a revision reachable under the tag `candidate` at 0 % of the traffic; gives its URL. */
export async function tagCandidate(
  access: GoogleAccess,
  which: { readonly service: string; readonly revision: string },
  waiting: Waiting = {},
): Promise<{ readonly revision: string; readonly uri: string }> {
  const now = await existing(access, which.service, waiting);
  const traffic = withCandidate(now.traffic, which.revision);
  const wanted = { service: which.service, traffic, etag: now.etag };
  const after = await setTraffic(access, wanted, waiting);
  const status = after.trafficStatuses.find((target) => target.tag === candidateTag);
  if (status && status.uri !== '') return { revision: which.revision, uri: status.uri };
  throw new Failure({
    code: 'CANDIDATE_WITHOUT_URL',
    what: `The candidate of ${which.service} has no URL`,
    why: `Cloud Run accepted the tag on ${which.revision} but reports no address for it.`,
    fix: 'No action needed: the call is retried.',
    class: 'retry',
  });
}

/** Takes the tag `candidate` away; success where there is no tag or no service. */
export async function untagCandidate(
  access: GoogleAccess,
  service: string,
  waiting: Waiting = {},
): Promise<void> {
  const now = await readService(access, service, waiting);
  if (!now?.traffic.some((target) => target.tag === candidateTag)) return;
  const traffic = withoutCandidate(now.traffic);
  await setTraffic(access, { service, traffic, etag: now.etag }, waiting);
}
