import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LONGEST = 100; // sun_path of unix(7) holds 108 bytes

/** The unix socket of the provider stand-in: in the home, unless its path would be too long. */
export function providerSocket(home: string): string {
  const socket = join(home, 'run', 'provider.sock');
  if (Buffer.byteLength(socket) <= LONGEST) return socket;
  const digest = createHash('sha256').update(home).digest('hex').slice(0, 16);
  return join(tmpdir(), `windlass-${digest}.sock`);
}

// Each product's endpoint ends with a slash and holds the version (the provider's reference).
const endpoints: Readonly<Record<string, string>> = {
  CLOUD_RUN_V2: '/v2/',
  CLOUD_RUN: '/',
  SECRET_MANAGER: '/v1/',
  IAM_BETA: '/v1/',
  SERVICE_USAGE: '/v1/',
  RESOURCE_MANAGER: '/v1/',
  ARTIFACT_REGISTRY: '/v1/',
  BILLING_BUDGETS: '/v1/',
  MONITORING: '/',
  PUBSUB: '/v1/',
  STORAGE: '/storage/v1/',
};

/** The variables that point a google provider at one door. */
export function providerEnvironment(google: string, token: string): Record<string, string> {
  const redirected = Object.entries(endpoints).map(([product, path]) => [
    `GOOGLE_${product}_CUSTOM_ENDPOINT`,
    `${google}${path}`,
  ]);
  return { ...Object.fromEntries(redirected), GOOGLE_OAUTH_ACCESS_TOKEN: token };
}
