import { serve } from '@hono/node-server';
import { isLoopbackHost } from '../loopback-host.ts';
import { freePort } from './ports.ts';

/** An HTTP server on 127.0.0.1. */
export interface Listener {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** What answers requests; a Hono application is one. */
export interface Answering {
  fetch(request: Request, bindings: object): Response | Promise<Response>;
}

/** Serves the application on the wanted port where it is free, else on another one. */
export async function listen(app: Answering, wanted?: number): Promise<Listener> {
  const port = await freePort(wanted);
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const made = serve(
      { fetch: onLoopback(app), port, hostname: '127.0.0.1', overrideGlobalObjects: false },
      () => resolve(made),
    );
    if ('keepAliveTimeout' in made) made.keepAliveTimeout = 620_000; // no client meets a closing door
    made.once('error', reject);
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      if ('closeAllConnections' in server) server.closeAllConnections();
    });
  return { port, url: `http://127.0.0.1:${port}`, close };
}

function onLoopback(app: Answering): Answering['fetch'] {
  return (request, bindings) =>
    isLoopbackHost(request.headers.get('host') ?? new URL(request.url).host)
      ? app.fetch(request, bindings)
      : new Response('The sandbox answers to 127.0.0.1 and localhost only.\n', { status: 403 });
}
