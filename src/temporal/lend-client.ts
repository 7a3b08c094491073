import type { Client } from '@temporalio/client';
import { connectClient, temporalPlace } from './connect.ts';
import type { TemporalPlace } from './connect.ts';

/** Lends a client of a home's Temporal to `work` and closes it afterwards. */
export async function lendClient<T>(
  home: string,
  work: (client: Client, temporal: TemporalPlace) => Promise<T>,
): Promise<T> {
  const temporal = await temporalPlace(home);
  const client = await connectClient(temporal);
  try {
    return await work(client, temporal);
  } finally {
    await client.connection.close();
  }
}
