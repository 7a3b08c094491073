import { connectClient, temporalPlace } from '../temporal/connect.ts';
import { isPrivate } from '../temporal/private-transport.ts';
import type { Site } from '../site.ts';
import type { Check, Finding } from './examine.ts';

/** Whether Temporal answers, has the namespace, and can be overheard. */
export function temporalChecks(site: Site): readonly Check[] {
  return [{ id: 'temporal', look: () => temporal(site) }];
}

async function temporal({ home, environment }: Site): Promise<Finding> {
  const place = await temporalPlace(home);
  const { address = 'localhost:7233' } = place.connection;
  if (environment.target === 'cloud' && !isPrivate(place.connection))
    return { state: 'missing', says: `${address} is reached in plain text`, fix: privateWay };
  const client = await connectClient(place);
  try {
    await client.workflowService.describeNamespace({ namespace: place.namespace });
    return { state: 'ok', says: `${address}, namespace ${place.namespace}` };
  } finally {
    await client.connection.close();
  }
}

const privateWay =
  'Set TEMPORAL_TLS=true or TEMPORAL_API_KEY, or reach it by a tunnel: `ssh -L 7233:127.0.0.1:7233 HOST`.';
