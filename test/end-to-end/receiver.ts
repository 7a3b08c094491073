import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { held } from '../../src/held.ts';

/** A webhook's other end: it keeps what it is told, and refuses while `refuse` says so. */
export async function openReceiver() {
  const taken: string[] = [];
  let refusals = 0;
  let refused = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const busy = refusals > 0;
    if (busy) [refusals, refused] = [refusals - 1, refused + 1];
    else taken.push(body);
    response.writeHead(busy ? 500 : 200).end();
  };
  const server = createServer((request, response) => void held(answer(request, response)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}/hook`,
    /** The bodies that were taken, oldest first. */
    taken: (): readonly unknown[] => taken.map((body): unknown => JSON.parse(body)),
    refused: () => refused,
    /** Answers 500 that many times more. */
    refuse: (times: number) => void (refusals = times),
    close: async (): Promise<void> => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;
