import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openDoor } from './google/door.ts';
import { googleRoutes } from './google/faces.ts';
import { ownerToken } from './google/tokens.ts';
import { writeDoors } from './life/doors.ts';
import { openWorld } from './world.ts';

/** Where the server keeps its world and which ports it opens; 0 = any. */
export interface ServerOptions {
  readonly home: string;
  readonly apiPort: number;
  readonly supabasePort: number;
}

/** A running sandbox server. */
export interface SandboxServer {
  readonly google: string;
  close(): Promise<void>;
}

/** Opens the world of a home and every door to it, and writes down where they are. */
export async function openServer(options: ServerOptions): Promise<SandboxServer> {
  const { home } = options;
  const world = openWorld(join(home, 'world'));
  const google = await openDoor(world, googleRoutes(world), options.apiPort);
  writeDoors(home, {
    version: 1,
    google: google.url,
    googleToken: ownerToken(world),
    supabase: google.url,
    supabaseToken: 'none',
    reattach: '{}',
  });
  return {
    google: google.url,
    async close() {
      await google.close();
      world.close();
    },
  };
}

function serverOptions(): ServerOptions {
  const { values } = parseArgs({
    options: {
      home: { type: 'string' },
      'api-port': { type: 'string', default: '0' },
      'supabase-port': { type: 'string', default: '0' },
    },
  });
  return {
    home: resolve(values.home ?? process.env['WINDLASS_HOME'] ?? '.windlass'),
    apiPort: Number(values['api-port']),
    supabasePort: Number(values['supabase-port']),
  };
}

if (import.meta.main) {
  const server = await openServer(serverOptions());
  const end = (): void => void server.close().finally(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}
