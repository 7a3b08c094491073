import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { everythingAt } from '../../src/gcp/access.ts';
import { serviceAddresses } from '../../src/gcp/service-address.ts';

const Port = z.object({ port: z.number() });

test('in the clouds an address is known by the project’s number and the region', async () => {
  const project = { projectId: 'shop', projectNumber: '123456789012', lifecycleState: 'ACTIVE' };
  const server = createServer((_, response) => response.end(JSON.stringify(project)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = Port.parse(server.address());
  const owner = { project: 'shop', region: 'europe-west1', token: async () => 't' };
  const { endpoints, ...rest } = everythingAt(`http://127.0.0.1:${port}`, owner);
  const { serviceAddresses: _, ...clouds } = endpoints;
  const longest = 'a'.repeat(26);
  const told = await serviceAddresses({ ...rest, endpoints: clouds }, ['api', 'api', longest]);
  expect(told).toEqual({
    api: 'https://api-123456789012.europe-west1.run.app',
    [longest]: `https://${longest}-123456789012.europe-west1.run.app`,
  });
  const labels = Object.values(told).map((url) => new URL(url).hostname.split('.')[0] ?? '');
  for (const label of labels) expect(label.length).toBeLessThanOrEqual(63);
});
