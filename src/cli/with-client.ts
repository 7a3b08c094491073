import type { Client } from '@temporalio/client';
import { projectPlace } from '../place.ts';
import type { Place } from '../endpoints.ts';
import { connectClient, temporalPlace } from '../temporal/connect.ts';
import type { TemporalPlace } from '../temporal/connect.ts';

/** Lends a client of the project's Temporal to `work` and closes it afterwards. */
export async function withClient<T>(
  work: (client: Client, temporal: TemporalPlace, place: Place) => Promise<T>,
): Promise<T> {
  const place = projectPlace();
  const temporal = await temporalPlace(place.home);
  const client = await connectClient(temporal);
  try {
    return await work(client, temporal, place);
  } finally {
    await client.connection.close();
  }
}
