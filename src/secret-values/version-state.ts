import type { SecretVersion } from '../gcp/secrets.ts';

/** The state of the version that a revision mounts (`latest` or a number); `gone` = there is none. */
export function versionState(
  versions: readonly SecretVersion[],
  mounted: string,
): SecretVersion['state'] | 'gone' {
  const enabled = versions.some(({ state }) => state === 'ENABLED');
  if (mounted === 'latest') return enabled ? 'ENABLED' : 'gone';
  return versions.find(({ number }) => String(number) === mounted)?.state ?? 'gone';
}
