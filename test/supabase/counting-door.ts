import { createServer, request } from 'node:http';

/** A door before a server that passes everything on and keeps what was asked. */
export async function openCountingDoor(target: string) {
  const asked: string[] = [];
  const server = createServer((call, answer) => {
    asked.push(`${call.method} ${call.url}`);
    const { method, headers } = call;
    const onward = request(`${target}${call.url}`, { method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    onward.on('error', () => call.socket.destroy());
    call.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    /** Everything but looks, since the last question. */
    writes: () => asked.splice(0).filter((one) => !one.startsWith('GET ')),
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
