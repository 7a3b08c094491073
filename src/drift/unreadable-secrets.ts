import type { Standing } from '../deploy.ts';
import type { Found } from '../drift-finding.ts';
import { withStates } from '../secret-values/version-state.ts';
import type { Site } from '../site.ts';
import { recordedRevisions } from '../way-back/unready-revisions.ts';

/**
 * Secret versions that serving revisions mount and that are not enabled: instances that run go on, and
 * no new one starts.
 */
export async function unreadableSecrets(
  site: Site,
  { traffic, release }: Standing,
): Promise<readonly Found[]> {
  const mounted = (await recordedRevisions(site, traffic)).flatMap(({ service, mounts }) =>
    mounts.map(({ secret, version }) => ({ service, secret, version })),
  );
  return (await withStates(site.google, mounted))
    .filter(({ state }) => state !== 'ENABLED')
    .map((one) => finding({ ...one, release: release.id, environment: site.name }));
}

interface Unreadable {
  readonly service: string;
  readonly secret: string;
  readonly version: string;
  readonly state: string;
  /** The release in force. */
  readonly release: string;
  readonly environment: string;
}

function finding({ service, secret, version, state, ...at }: Unreadable): Found {
  const what = `${service}: version ${version} of the secret ${secret} is ${state.toLowerCase()}; no new instance starts`;
  const next =
    state === 'DISABLED'
      ? `leaves it: \`windlass secrets enable ${service} --to ${at.release} -e ${at.environment}\` enables it`
      : 'fills the secret with a new version';
  return { source: 'live', what, owner: 'Secret Manager', next };
}
