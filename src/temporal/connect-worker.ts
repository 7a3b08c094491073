import { NativeConnection } from '@temporalio/worker';
import type { TemporalPlace } from './connect.ts';

/** The worker's connection; apart from the client's, for its library takes long to load. */
export async function connectWorker(
  place: Pick<TemporalPlace, 'connection'>,
): Promise<NativeConnection> {
  const { address, tls, apiKey, metadata } = place.connection;
  return NativeConnection.connect({
    ...(address && { address }),
    ...(tls && { tls }),
    ...(typeof apiKey === 'string' && { apiKey }),
    ...(metadata && { metadata }),
  });
}
