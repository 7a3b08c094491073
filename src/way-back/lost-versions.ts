import { Failure } from '../failure.ts';
import { withStates } from '../secret-values/version-state.ts';
import { serviceSecrets } from '../services.ts';
import type { Site } from '../site.ts';
import type { WayBack } from './check-way-back.ts';
import { recordedRevisions } from './unready-revisions.ts';

interface Pinned {
  readonly service: string;
  readonly secret: string;
  readonly version: string;
}

/**
 * A Failure that names every secret version which the services of the target read and which is not
 * enabled: a running instance goes on without it, but no new one starts.
 */
export async function refuseLostVersions(site: Site, way: WayBack): Promise<void> {
  const pinned = await withStates(site.google, await pinnedBy(site, way));
  const lost = pinned.filter(({ secret, state }) => {
    // What is gone for good and has no other version is filled anew by the rollback itself.
    const filled = state !== 'DISABLED' && way.missing.includes(secret);
    return state !== 'ENABLED' && !filled;
  });
  if (lost.length > 0) throw lostVersions(site.name, way, lost);
}

/** By the revisions that get the traffic, and by the services as they are applied after it. */
async function pinnedBy(site: Site, way: WayBack): Promise<readonly Pinned[]> {
  const mounted = (await recordedRevisions(site, way.target.traffic)).flatMap(
    ({ service, mounts }) => mounts.map(({ secret, version }) => ({ service, secret, version })),
  );
  const applied = serviceSecrets(site.config).flatMap(({ id, service }) => {
    // The version that will be there once it is filled is none to look for.
    const version = way.missing.includes(id) ? way.target.secretVersions[id] : way.versions[id];
    return version === undefined ? [] : [{ service, secret: id, version }];
  });
  const all = [...mounted, ...applied];
  return [...new Map(all.map((one) => [`${one.secret}/${one.version}`, one])).values()];
}

function lostVersions(
  environment: string,
  { target }: WayBack,
  lost: readonly (Pinned & { readonly state: string })[],
): Failure {
  const services = [...new Set(lost.map(({ service }) => service))];
  const gone = lost.some(({ state }) => state !== 'DISABLED');
  return new Failure({
    code: 'SECRET_VERSION_LOST',
    what: `${services.join(', ')} of ${target.release.id} cannot read ${lost.length === 1 ? 'a secret' : 'secrets'} any more`,
    why: lost
      .map(
        ({ secret, version, state }) => `version ${version} of ${secret} is ${state.toLowerCase()}`,
      )
      .join('; '),
    fix: gone
      ? 'A destroyed version cannot be restored: go to a release that reads another one (`windlass rollback -e ENVIRONMENT --to RELEASE`), or deploy this one again (`windlass deploy -e ENVIRONMENT --release RELEASE`): it gets the current versions.'
      : `Enable them: ${services.map((service) => `\`windlass secrets enable ${service} --to ${target.release.id} -e ${environment}\``).join(', ')}; then roll back again.`,
  });
}
