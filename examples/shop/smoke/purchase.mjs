// Something is bought, gets its label, and is taken back.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

const contract = JSON.parse(readFileSync(process.env.WINDLASS_SMOKE, 'utf8'));
const path = `/purchases/${randomUUID()}`;

// Written down before it is made: whatever happens, it is removed.
await ask(contract.door, '/made', 'POST', { service: 'purchases', path });
const { purchases, parcels } = contract.services;
await ask(purchases, path, 'PUT', { product: 'teapot' });
await ask(parcels, '/work', 'POST');
const { label } = await ask(purchases, path);
if (!/^[0-9a-f]{12}$/.test(label)) throw new Error(`the parcel has no label: ${label}`);
console.log('bought, and labelled');

async function ask({ url, headers }, where, method = 'GET', body = undefined) {
  const answer = await fetch(`${url}${where}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${where} answered ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}
