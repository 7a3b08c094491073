import { once } from 'node:events';
import { createServer } from 'node:http';
import { z } from 'zod';

/** A server whose clock says what the caller wants. */
export async function openDateServer(now: Date) {
  const server = createServer((_request, response) => {
    response.sendDate = false;
    response.setHeader('date', now.toUTCString());
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
