import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reach } from '../../src/smoke/reach.ts';

/** What a service of a test answers, and a place where it is asked. */
export interface Answering {
  readonly reach: Reach;
  /** What it was asked: method and path. */
  readonly asked: readonly string[];
  readonly close: () => void;
}

type Answer = readonly [status: number, body: unknown];

/** A service that answers by itself, on an address of its own. */
export async function serviceThat(
  answer: (request: IncomingMessage) => Answer | Promise<Answer>,
  name = 'api',
): Promise<Answering> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    respond(response, answer(request)).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const url = `http://127.0.0.1:${port}`;
  return {
    reach: { name, url, headers: {}, revision: `${name}-00002` },
    asked,
    close: () => void server.close(),
  };
}

async function respond(response: ServerResponse, answer: Answer | Promise<Answer>): Promise<void> {
  const [status, body] = await answer;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
