import { setTimeout as pause } from 'node:timers/promises';
import type { Deploy } from '../src/deploy.ts';
import { Failure } from '../src/failure.ts';
import { canReadSecret } from '../src/gcp/iam.ts';
import { applyApproved } from '../src/stacks/apply-stack.ts';
import { needed, planOf } from '../src/stacks/needed.ts';
import { openStack } from '../src/stacks/open-stack.ts';
import { restoreStack } from '../src/stacks/restore-stack.ts';
import { watchOf } from '../src/stacks/watch.ts';
import { secretId } from '../src/terraform/variables.ts';
import type { Work } from './edge.ts';

const stack = '10-foundation';
// Google: usually 2 minutes, 7 or longer possible ("Access change propagation").
const spreadPatienceMs = 10 * 60_000;
const lookEveryMs = 500;

/** Applies the approved foundation, then waits until each account can really read its secrets. */
export async function applyFoundation(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const release = needed(d.bundle, 'the release');
  const opened = await openStack(
    work.site,
    d.runId,
    { release, stack, secretVersions: {}, alongside: d.previous },
    work.signal,
  );
  await applyApproved(work.site, opened, planOf(d, stack), watchOf(work));
  await awaitPermissions(work);
  return {};
}

/** The previous foundation on the current state; on a first deploy, the end of what was created. */
export async function undoFoundation(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  await restoreStack(work.site, d, stack, watchOf(work));
  return {};
}

/** Waits until every service's account can really read its secrets. */
export async function awaitPermissions({ site, signal, beat }: Work): Promise<void> {
  const until = Date.now() + spreadPatienceMs;
  const cells = Object.entries(site.config.services).flatMap(([service, { secrets }]) =>
    Object.keys(secrets).map((name) => ({ service, secret: secretId(service, name) })),
  );
  let waiting = cells;
  for (;;) {
    const looks = await Promise.all(waiting.map((cell) => mayRead(cell, site.google, signal)));
    waiting = waiting.filter((_, index) => !looks[index]);
    if (waiting.length === 0) return;
    if (Date.now() > until) throw notSpread(waiting.map(({ secret }) => secret));
    beat(`waiting for Google to spread ${waiting.length} of ${cells.length} permissions`);
    await pause(lookEveryMs, undefined, { signal });
  }
}

async function mayRead(
  { service, secret }: { readonly service: string; readonly secret: string },
  google: Work['site']['google'],
  signal: AbortSignal,
): Promise<boolean> {
  const account = `run-${service}@${google.project}.iam.gserviceaccount.com`;
  return canReadSecret(google, { account, secret }, { signal });
}

function notSpread(secrets: readonly string[]): Failure {
  return new Failure({
    code: 'IAM_NOT_SPREAD',
    what: `Google did not spread ${secrets.length} permissions in time`,
    why: `not readable by their services' accounts: ${secrets.join(', ')}`,
    fix: 'Deploy again in some minutes; what was created is wound back.',
  });
}
