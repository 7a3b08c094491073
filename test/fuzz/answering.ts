import { once } from 'node:events';
import { createServer } from 'node:http';

/** A server that answers every call with the body and the status that were set last. */
export async function openAnswering() {
  let body = '';
  let status = 200;
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    say: (text: string, code = 200) => {
      body = text;
      status = code;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
