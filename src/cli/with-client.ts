import type { Client } from '@temporalio/client';
import { projectPlace } from '../place.ts';
import type { Place } from '../endpoints.ts';
import type { TemporalPlace } from '../temporal/connect.ts';
import { lendClient } from '../temporal/lend-client.ts';

/** Lends a client of the project's Temporal to `work` and closes it afterwards. */
export async function withClient<T>(
  work: (client: Client, temporal: TemporalPlace, place: Place) => Promise<T>,
): Promise<T> {
  const place = projectPlace();
  return lendClient(place.home, (client, temporal) => work(client, temporal, place));
}
