// The shop as people see it: one page, and a button that buys.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { call } from './backends.ts';

const version = '1.0.0';
const { K_REVISION, PORT = '8080', PURCHASES_URL = '', PARCELS_URL = '' } = process.env;

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop');
  answer(`${request.method} ${pathname}`, searchParams, response).catch((error: unknown) => {
    console.error(error);
    send(response, 502, { error: 'the shop cannot answer now' });
  });
});
server.listen(Number(PORT), process.env['HOST'] ?? '0.0.0.0');
process.once('SIGTERM', () => server.close(() => process.exit(0)));

async function answer(
  asked: string,
  search: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  if (asked === 'GET /healthz') return send(response, 200, { status: 'ok' });
  if (asked === 'GET /readyz') return send(response, 200, { revision: K_REVISION, version });
  if (asked === 'GET /') return page(response);
  if (asked !== 'POST /buy') return send(response, 404, { error: 'there is no such page' });
  const body = JSON.stringify({ product: search.get('product') });
  const bought = await call(PURCHASES_URL, `/purchases/${randomUUID()}`, { method: 'PUT', body });
  await call(PARCELS_URL, '/work', { method: 'POST' });
  send(response, 201, bought);
}

async function page(response: ServerResponse): Promise<void> {
  const products = await call(PURCHASES_URL, '/products');
  const rows = Array.isArray(products) ? products.map(row).join('\n') : '';
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><title>Shop</title><h1>Shop</h1><ul>\n${rows}\n</ul>\n`);
}

function row({ id, name, cents }: { id: string; name: string; cents: number }): string {
  const buy = `<form method="post" action="/buy?product=${id}"><button>Buy</button></form>`;
  return `<li>${name}, ${(cents / 100).toFixed(2)} EUR ${buy}</li>`;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
