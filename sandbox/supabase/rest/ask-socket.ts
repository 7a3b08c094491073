import { request as send, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** Of one connection alone; and what is asked is not packed, so that lengths stay true. */
const own = new Set(['connection', 'content-length', 'transfer-encoding', 'accept-encoding']);

/** Hands a request on to a server that listens on a socket, and its answer back. */
export async function askSocket(
  socketPath: string,
  path: string,
  asked: { readonly method: string; readonly headers: Headers; readonly body: ArrayBuffer },
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = Object.fromEntries([...asked.headers].filter(([name]) => !own.has(name)));
  const options = { socketPath, path, method: asked.method, headers, agent: false };
  send(options, resolve).once('error', reject).end(Buffer.from(asked.body));
  const answer = await promise;
  const body = await buffer(answer);
  const status = answer.statusCode ?? 502;
  const told = { status, headers: headersOf(answer) };
  return new Response(body.length === 0 ? null : new Uint8Array(body), told);
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct))
    if (!own.has(name)) for (const value of values) headers.append(name, value);
  return headers;
}
