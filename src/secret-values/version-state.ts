import type { GoogleAccess } from '../gcp/access.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { listVersions } from '../gcp/secrets.ts';
import type { SecretVersion } from '../gcp/secrets.ts';

/** A version as a revision mounts it: `latest` or a number. */
interface Mounted {
  readonly secret: string;
  readonly version: string;
}

type State = SecretVersion['state'] | 'gone';

/** The same with the state of each version, `gone` where there is none; each secret is read once. */
export async function withStates<T extends Mounted>(
  google: GoogleAccess,
  mounted: readonly T[],
): Promise<readonly (T & { readonly state: State })[]> {
  const secrets = [...new Set(mounted.map(({ secret }) => secret))];
  const read = secrets.map(
    async (secret) => [secret, (await unlessMissing(listVersions(google, secret))) ?? []] as const,
  );
  const known = new Map(await Promise.all(read));
  return mounted.map((one) => ({
    ...one,
    state: stateOf(known.get(one.secret) ?? [], one.version),
  }));
}

function stateOf(versions: readonly SecretVersion[], mounted: string): State {
  const enabled = versions.some(({ state }) => state === 'ENABLED');
  if (mounted === 'latest') return enabled ? 'ENABLED' : 'gone';
  return versions.find(({ number }) => String(number) === mounted)?.state ?? 'gone';
}
