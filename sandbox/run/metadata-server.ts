import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { ListenOptions } from 'node:net';
import { z } from 'zod';
import { mintIdToken } from '../google/id-tokens.ts';
import { ensureProject } from '../google/projects.ts';
import { mintAccessToken } from '../google/tokens.ts';
import type { World } from '../world.ts';
import { held } from '../../src/held.ts';

/** One small server per service account, as every instance of the cloud has its own. */
export interface MetadataServers {
  /** `127.0.0.1:port` of the server that speaks for an account. */
  hostFor(account: string, project: string): Promise<string>;
  /** The socket, among those of the fleet's networks, of the server that speaks for an account. */
  socketFor(account: string, project: string): Promise<string>;
  close(): Promise<void>;
}

interface Speaker {
  readonly account: string;
  readonly project: string;
}

/** Metadata servers that start when they are first asked for. */
export function openMetadataServers(
  world: World,
  socket: (name: string) => string,
): MetadataServers {
  const open = new Map<string, Promise<Server>>();
  return {
    async hostFor(account, project) {
      const listening = { port: 0, host: '127.0.0.1' };
      const server = open.get(account) ?? held(listen(world, { account, project }, listening));
      open.set(account, server);
      const { port } = z.object({ port: z.number() }).parse((await server).address());
      return `127.0.0.1:${port}`;
    },
    async socketFor(account, project) {
      const name = `metadata-${createHash('sha256').update(account).digest('hex').slice(0, 16)}`;
      const place = { path: socket(name) };
      const server = open.get(name) ?? held(listen(world, { account, project }, place));
      open.set(name, server);
      await server;
      return name;
    },
    async close() {
      for (const server of await Promise.all(open.values())) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function listen(world: World, speaker: Speaker, place: ListenOptions): Promise<Server> {
  const server = createServer((request, response) => {
    const found = answer(world, speaker, request);
    response.setHeader('Metadata-Flavor', 'Google');
    response.setHeader(
      'content-type',
      typeof found === 'string' ? 'text/plain' : 'application/json',
    );
    response.statusCode = found === undefined ? 404 : 200;
    if (request.headers['metadata-flavor'] !== 'Google') response.statusCode = 403;
    if (response.statusCode !== 200) response.end();
    else response.end(typeof found === 'string' ? found : JSON.stringify(found));
  });
  server.listen(place);
  await once(server, 'listening');
  return server.unref();
}

function answer(world: World, identity: Speaker, request: IncomingMessage): unknown {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://metadata');
  const { account, project } = identity;
  const [, of = '', what = ''] =
    /^\/computeMetadata\/v1\/instance\/service-accounts\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
  if (pathname === '/' || pathname === '/computeMetadata/v1/') return 'computeMetadata/';
  if (pathname.endsWith('/v1/project/project-id')) return project;
  if (pathname.endsWith('/v1/project/numeric-project-id')) {
    return ensureProject(world, project).projectNumber;
  }
  if (of !== 'default' && of !== account) return undefined;
  return ofAccount(world, account, { what, searchParams });
}

function ofAccount(
  world: World,
  email: string,
  asked: { readonly what: string; readonly searchParams: URLSearchParams },
): unknown {
  const audience = asked.searchParams.get('audience');
  const scopes = ['https://www.googleapis.com/auth/cloud-platform'];
  if (asked.what === 'email') return email;
  if (asked.what === '') return { aliases: ['default'], email, scopes };
  if (asked.what === 'identity') {
    return audience === null ? undefined : mintIdToken(world, email, audience);
  }
  if (asked.what !== 'token') return undefined;
  const { accessToken, expireTime } = mintAccessToken(world, email);
  const seconds = Math.floor((expireTime.getTime() - world.now().getTime()) / 1000);
  return { access_token: accessToken, expires_in: seconds, token_type: 'Bearer' };
}
