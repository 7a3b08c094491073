import type { ConnectionOptions } from '@temporalio/client';
import { Failure } from '../failure.ts';
import { isLoopback } from '../loopback.ts';
import { temporalPlace } from './connect.ts';

/**
 * Refuses to work on the real clouds by a Temporal that is reached in plain text over a network: who
 * listens there reads, and who sits between says what he wants. No Temporal at all is no business of ours.
 */
export async function requirePrivateTransport(home: string): Promise<void> {
  const place = await temporalPlace(home).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'TEMPORAL_UNREACHABLE') return undefined;
    throw error;
  });
  if (!place || isPrivate(place.connection)) return;
  throw new Failure({
    code: 'TEMPORAL_PLAINTEXT',
    what: `The Temporal at ${place.connection.address} is reached in plain text`,
    why: '`target: cloud` needs TLS, or a Temporal on this machine: 127.0.0.1, ::1 or localhost',
    fix: 'Set TEMPORAL_TLS=true (with TEMPORAL_TLS_CLIENT_CERT_PATH and _KEY_PATH if it requires them) or TEMPORAL_API_KEY; or use a tunnel: `ssh -L 7233:127.0.0.1:7233 HOST`, TEMPORAL_ADDRESS=127.0.0.1:7233.',
  });
}

/** Whether nobody can listen: TLS, or the way never leaves this machine. */
export function isPrivate({ address, tls, apiKey }: ConnectionOptions): boolean {
  if (tls !== undefined && tls !== null && tls !== false) return true;
  if (apiKey !== undefined && tls === undefined) return true; // an API key switches TLS on
  return address === undefined || isLoopback(hostOf(address));
}

function hostOf(address: string): string {
  const bare = address.replace(/^[a-z][a-z0-9+.-]*:(\/\/)?/i, (scheme) =>
    scheme.includes('//') ? '' : scheme,
  );
  if (bare.startsWith('[')) return bare.slice(1, bare.indexOf(']'));
  if (bare.split(':').length > 2) return bare; // an IPv6 address without a port
  return bare.split(':')[0] ?? '';
}
