// The shop as people see it: one page, and a button that buys.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { call, candidatesHeader } from './backends.ts';

const version = '1.0.0';
const { K_REVISION, PORT = '8080' } = process.env;

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop');
  const told = request.headers[candidatesHeader];
  const candidates = typeof told === 'string' ? { candidates: told } : {};
  const asked = { what: `${request.method} ${pathname}`, search: searchParams, candidates };
  answer(asked, response).catch((error: unknown) => {
    console.error(error);
    send(response, 502, { error: 'the shop cannot answer now' });
  });
});
server.listen(Number(PORT), process.env['HOST'] ?? '0.0.0.0');
process.once('SIGTERM', () => server.close(() => process.exit(0)));

interface Asked {
  readonly what: string;
  readonly search: URLSearchParams;
  /** What a test of a new release says; passed on with every call. */
  readonly candidates: { readonly candidates?: string };
}

async function answer(
  { what: asked, search, candidates }: Asked,
  response: ServerResponse,
): Promise<void> {
  if (asked === 'GET /healthz') return send(response, 200, { status: 'ok' });
  if (asked === 'GET /readyz') return send(response, 200, { revision: K_REVISION, version });
  if (asked === 'GET /') return page(response, candidates);
  if (asked !== 'POST /buy') return send(response, 404, { error: 'there is no such page' });
  const body = JSON.stringify({ product: search.get('product') });
  const path = `/purchases/${randomUUID()}`;
  const bought = await call('purchases', path, { method: 'PUT', body, ...candidates });
  await call('parcels', '/work', { method: 'POST', ...candidates });
  send(response, 201, bought);
}

async function page(response: ServerResponse, candidates: Asked['candidates']): Promise<void> {
  const products = await call('purchases', '/products', candidates);
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
