import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ACCOUNT, type Cloud, openCloud, PARENT, prepare, pushImage } from './cloud.ts';

// It says where it listens, what the machine's own server says to it, and who it is.
const code = `
import { createServer } from 'node:http';
const said = async (url, headers = {}) =>
  fetch(url, { headers }).then((one) => one.text(), (error) => 'no ' + error.cause?.code);
const { PORT, FRIEND, STRANGER, GCE_METADATA_HOST: metadata } = process.env;
createServer(async (request, response) => {
  const email = 'http://' + metadata + '/computeMetadata/v1/instance/service-accounts/default/email';
  response.end(JSON.stringify({
    port: Number(PORT), metadata,
    friend: await said(FRIEND),
    stranger: await said('http://127.0.0.1:' + Number(STRANGER)),
    email: await said(email, { 'metadata-flavor': 'Google' }),
  }));
}).listen(Number(PORT), process.env.HOST ?? '0.0.0.0');
`;
const Said = z.record(z.string(), z.union([z.string(), z.number()]));
const namespaces = spawnSync('unshare', ['--net', '--map-root-user', 'true']).status === 0;

let cloud: Cloud;
let image: string;
const friend = createServer((_, response) => response.end('friend'));
let friendPort = 0;

beforeAll(async () => {
  friend.listen(0, '127.0.0.1');
  await once(friend, 'listening');
  friendPort = z.object({ port: z.number() }).parse(friend.address()).port;
  cloud = await openCloud();
  await prepare(cloud);
  image = await pushImage(cloud, code);
});
afterAll(async () => {
  friend.close();
  await cloud[Symbol.asyncDispose]();
});

async function serve(name: string, variables: Readonly<Record<string, string>>) {
  const env = Object.entries(variables).map(([key, value]) => ({ name: key, value }));
  const template = { containers: [{ image, env }], serviceAccount: ACCOUNT };
  const asked = { template, invokerIamDisabled: true, ingress: 1 };
  return (await cloud.done('POST', `/v2/${PARENT}/services?serviceId=${name}`, asked)).body;
}

const ask = async (url: string) => Said.parse(await (await fetch(url)).json());
const knock = (url: string) =>
  fetch(url).then(
    ({ status }) => status,
    () => 'nobody',
  );

test.runIf(namespaces)('an instance is reached through its proxy alone', async () => {
  const { response } = await serve('apart', {
    FRIEND: `http://127.0.0.1:${friendPort}`,
    STRANGER: ` ${new URL(cloud.door.url).port}`,
  });
  const said = await ask(response.uri);
  expect(said).toMatchObject({ friend: 'friend', email: ACCOUNT });
  expect(said['stranger'], 'a port that nobody told it of').toBe('no ECONNREFUSED');
  for (const host of ['127.0.0.1', '127.0.0.2'])
    expect(await knock(`http://${host}:${said['port']}`)).toBe('nobody');
  expect(await knock(`http://${said['metadata']}`)).toBe('nobody');
  const listening = readFileSync('/proc/net/tcp', 'utf8');
  expect(listening).not.toContain(`:${Number(said['port']).toString(16).toUpperCase()} `);
});

test('with the wall lowered an instance shares the network of the machine', async () => {
  await cloud.call('PUT', '/_sandbox/walls', { apis: 'off', impersonation: 'off', network: 'off' });
  const { response } = await serve('open', {
    FRIEND: `http://127.0.0.1:${friendPort}`,
    STRANGER: ` ${friendPort}`,
  });
  const said = await ask(response.uri);
  expect(said).toMatchObject({ friend: 'friend', stranger: 'friend', email: ACCOUNT });
  expect(await knock(`http://127.0.0.1:${said['port']}`)).toBe(200);
});
