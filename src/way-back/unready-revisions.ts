import type { Traffic } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { readRevision } from '../gcp/run.ts';
import type { RunRevision } from '../gcp/run.ts';
import type { Site } from '../site.ts';

/**
 * The revisions of the release's services that a recorded split names and that are still there: one
 * that was deleted with its service is made anew by the rollback. A ledger also knows the splits of
 * what others run in the same project, which a rollback leaves alone.
 */
export async function recordedRevisions(
  site: Site,
  traffic: Traffic,
): Promise<readonly (RunRevision & { readonly service: string })[]> {
  const own = Object.entries(traffic).filter(([service]) =>
    Object.hasOwn(site.config.services, service),
  );
  const named = own.flatMap(([service, split]) =>
    split.filter(({ percent }) => percent > 0).map(({ revision }) => ({ service, revision })),
  );
  const found = await Promise.all(
    named.map(async (which) => {
      const revision = await readRevision(site.google, which);
      return revision ? [{ ...revision, service: which.service }] : [];
    }),
  );
  return found.flat();
}

/** A Failure that names every revision which the traffic would move to and which is not ready. */
export async function refuseUnready(site: Site, traffic: Traffic): Promise<void> {
  const unready = (await recordedRevisions(site, traffic)).filter(({ ready }) => !ready);
  if (unready.length === 0) return;
  throw new Failure({
    code: 'REVISION_NOT_READY',
    what: `${unready.map(({ name }) => name).join(', ')} would get traffic and cannot serve it`,
    why: unready
      .map(({ name, reason }) => `${name} is not ready: ${reason || 'no reason given'}`)
      .join('; '),
    fix: 'Go back further (`windlass rollback -e ENVIRONMENT --to RELEASE`), or deploy a fixed release.',
  });
}
