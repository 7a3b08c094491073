// What is for sale, who bought it, and which labels their parcels carry.

import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { openPool } from './database.ts';

const version = '1.0.0';
const { K_REVISION, PORT = '8080' } = process.env;
const pool = openPool();

const sum = '(select coalesce(sum(cents), 0) from orders join products on product = products.id)';

type Answer = readonly [status: number, body?: unknown];

const server = createServer((request, response) => {
  const send = ([status, body = {}]: Answer): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  answer(request).then(send, (error: unknown) => {
    console.error(error);
    send([500, { error: 'unexpected' }]);
  });
});
server.listen(Number(PORT), process.env['HOST'] ?? '0.0.0.0');
process.once('SIGTERM', () => server.close(() => process.exit(0)));

async function answer(request: IncomingMessage): Promise<Answer> {
  const [, what = '', id, part] = (request.url ?? '/').split('/');
  const asked = [request.method, what, id && ':id', part].filter(Boolean).join(' ');
  const body = await bodyOf(request);
  switch (asked) {
    case 'GET healthz':
      return [200, { status: 'ok' }];
    case 'GET readyz': {
      const [row] = await query('select current_user as role');
      return [200, { revision: K_REVISION, version, ...row }];
    }
    case 'GET products':
      return [200, await query('select id, name, cents from products order by name')];
    case 'GET purchases':
      return [200, await query('select id from orders where label is null order by bought_at')];
    case 'GET purchases :id':
      return one(await query('select id, product, label from orders where id = $1', [id]));
    case 'PUT purchases :id':
      return buy(id, body['product']);
    case 'PUT purchases :id label': {
      const change = 'update orders set label = $2 where id = $1 returning id, label';
      return one(await query(change, [id, body['label']]));
    }
    case 'GET parcels':
      return [
        200,
        await query('select id from orders where label is not null and sent_by is null'),
      ];
    case 'PUT purchases :id sent': {
      const change = 'update orders set sent_by = $2 where id = $1 returning id';
      return one(await query(change, [id, body['by']]));
    }
    case 'GET takings':
      return one(await query(`select ${sum} as cents`));
    case 'PUT takings': {
      const note = `insert into takings (cents, noted_by) values (${sum}, $1) returning cents`;
      return one(await query(note, [body['by']]));
    }
    case 'DELETE purchases :id':
      return one(await query('delete from orders where id = $1 returning id', [id]));
    default:
      return [404, { error: 'there is no such thing' }];
  }
}

/** The buyer's side names the purchase, so that a request that is sent twice buys once. */
async function buy(id: string | undefined, product: unknown): Promise<Answer> {
  const known = await query('select from products where id = $1', [product]);
  if (known.length === 0) return [400, { error: 'there is no such product' }];
  const insert = 'insert into orders (id, product) values ($1, $2) on conflict (id) do nothing';
  await query(insert, [id, product]);
  return [201, { id, product }];
}

function one(rows: readonly unknown[]): Answer {
  return rows.length === 0 ? [404, { error: 'there is no such purchase' }] : [200, rows[0]];
}

async function query(statement: string, values: readonly unknown[] = []): Promise<object[]> {
  return (await pool.query<object>(statement, [...values])).rows;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body: unknown = JSON.parse((await text(request)) || '{}');
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
