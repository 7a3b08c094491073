import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../src/failure.ts';

const LONGEST = 100; // sun_path of unix(7) holds 108 bytes

/** The unix socket of the provider stand-in: in the home, unless its path would be too long. */
export function providerSocket(home: string): string {
  const socket = join(home, 'run', 'provider.sock');
  if (fits(socket)) return socket;
  const whose = `${process.getuid?.()} ${home}`;
  const digest = createHash('sha256').update(whose).digest('hex').slice(0, 16);
  const found = [tmpdir(), '/tmp', '/var/tmp', '/run', '/dev/shm']
    .filter(isWritable)
    .map((folder) => join(folder, `windlass-${digest}.sock`))
    .find(fits);
  if (found === undefined) throw noFolder(socket);
  return found;
}

const fits = (socket: string): boolean => Buffer.byteLength(socket) <= LONGEST;

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function noFolder(socket: string): Failure {
  return new Failure({
    code: 'SOCKET_FOLDER_MISSING',
    what: 'No usable path for the unix socket of the Terraform provider',
    why: `${socket} is longer than the ${LONGEST} bytes that a socket's path may have, and no folder for temporary files can be written to.`,
    fix: 'Name a short, writable folder in TMPDIR, or one with a short path in WINDLASS_HOME.',
  });
}

// Each product's endpoint ends with a slash and holds the version (the provider's reference).
const endpoints: Readonly<Record<string, string>> = {
  CLOUD_RUN_V2: '/v2/',
  CLOUD_RUN: '/',
  CLOUD_SCHEDULER: '/v1/',
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
