import type { World } from '../../world.ts';
import { type Call, errorReply, invalid, notFound, type Reply, type Route } from '../http.ts';
import { routeTable } from '../routes.ts';

const MOST_CALLS = 100;
const BREAK = '\r\n\r\n';

/** `POST /batch/storage/v1`: up to 100 calls in one multipart body, each with an answer of its own. */
export function batchRoute(world: World, routes: readonly Route[]): Route {
  const find = routeTable(routes);
  return {
    ...{ method: 'POST', template: '/batch/storage/v1' },
    async handle(call) {
      const parts = partsOf(call);
      if (parts.length > MOST_CALLS) throw invalid('The batch has too many calls: at most 100.');
      const boundary = `batch_${crypto.randomUUID()}`;
      const answers: string[] = [];
      for (const part of parts) answers.push(await answer(find, call, part));
      world.flush();
      const text = answers.map((one) => `--${boundary}\r\n${one}\r\n`).join('');
      return {
        ...{ status: 200, raw: Buffer.from(`${text}--${boundary}--\r\n`) },
        headers: { 'content-type': `multipart/mixed; boundary=${boundary}` },
      };
    },
  };
}

function partsOf({ headers, raw }: Call): readonly string[] {
  const boundary = /boundary=["']?([^"';]+)/.exec(headers['content-type'] ?? '')?.[1]?.trim();
  if (boundary === undefined) throw invalid('The batch has no boundary.');
  const texts = raw.toString('utf8').replaceAll(/\r?\n/g, '\r\n').split(`--${boundary}`);
  return texts.slice(1).filter((text) => !text.startsWith('--'));
}

async function answer(
  find: ReturnType<typeof routeTable>,
  outer: Call,
  part: string,
): Promise<string> {
  const [outside = '', head = '', ...rest] = part.trimStart().split(BREAK);
  const id = /^content-id:\s*<?([^>\r]+)>?/im.exec(outside)?.[1] ?? '';
  const reply = await single(find, outer, head, rest.join(BREAK)).catch(errorReply);
  const body =
    reply.raw?.toString() ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
  return [
    'Content-Type: application/http',
    `Content-ID: <response-${id}>`,
    '',
    `HTTP/1.1 ${reply.status} ${reply.status < 400 ? 'OK' : 'Error'}`,
    'Content-Type: application/json; charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

async function single(
  find: ReturnType<typeof routeTable>,
  outer: Call,
  head: string,
  text: string,
): Promise<Reply> {
  const [line = '', ...lines] = head.split('\r\n');
  const [, method = '', target = ''] = /^(\S+)\s+(\S+)/.exec(line) ?? [];
  const [path = '', query = ''] = target.replace(/^https?:\/\/[^/]+/, '').split(/\?(.*)/s);
  const match = find(method, path);
  if (match === undefined) throw notFound(`The sandbox has nothing at ${method} ${path}`);
  const own = lines.map((one) => one.split(/:\s*(.*)/s));
  const headers = Object.fromEntries(own.map(([name = '', value]) => [name.toLowerCase(), value]));
  const body: unknown = text.trim() === '' ? undefined : JSON.parse(text);
  return match.route.handle({
    ...{ method, path, params: match.params, query: new URLSearchParams(query), body },
    ...{ raw: Buffer.from(text), headers: { host: outer.headers.host, ...headers } },
    caller: outer.caller,
  });
}
