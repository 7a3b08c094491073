import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openDoor } from './google/door.ts';
import { googleRoutes } from './google/faces.ts';
import { ownerToken } from './google/tokens.ts';
import { startClock } from './google/scheduler/clock.ts';
import { type Doors, writeDoors } from './life/doors.ts';
import { providerEnvironment, providerSocket } from './life/provider-socket.ts';
import { serveProvider } from './provider/serve.ts';
import { openFleet } from './run/fleet.ts';
import { runRoutes } from './run/routes.ts';
import { openSupabase } from './supabase/open-supabase.ts';
import { openWorld } from './world.ts';
import { keepToOurselves } from '../src/own-umask.ts';
import { held } from '../src/held.ts';

/** Where the server keeps its world and which ports it opens; 0 = any. */
export interface ServerOptions {
  readonly home: string;
  readonly apiPort: number;
}

/** A running sandbox server. */
export interface SandboxServer {
  readonly doors: Doors;
  /** Closes every door and ends every child; the world stays on disk. */
  close(): Promise<void>;
}

/** Opens the world of a home and every door to it, and writes down where they are. */
export async function openServer({ home, apiPort }: ServerOptions): Promise<SandboxServer> {
  const world = openWorld(join(home, 'world'));
  let address = '';
  const [fleet, supabase] = await Promise.all([
    openFleet(world, { baseUrl: () => address }),
    openSupabase(world),
  ]);
  const { faultsChanged } = supabase;
  const url = (): string => address;
  const routes = googleRoutes(world, runRoutes(world, fleet), { faultsChanged, url });
  const google = await openDoor(world, routes, apiPort);
  address = google.url;
  const clock = startClock(world, url);
  const googleToken = ownerToken(world);
  const env = providerEnvironment(google.url, googleToken);
  const provider = await serveProvider({ socket: providerSocket(home), env });
  const doors: Doors = {
    version: 1,
    google: google.url,
    googleToken,
    supabase: supabase.managementUrl,
    supabaseToken: supabase.token,
    databaseCa: supabase.databaseCa,
    reattach: provider.reattach,
  };
  writeDoors(home, doors);
  return {
    doors,
    async close() {
      clock.close();
      await Promise.all([google.close(), provider.close()]);
      await Promise.all([fleet.close(), supabase.close()]);
      world.close();
    },
  };
}

function serverOptions(): ServerOptions {
  const port = { type: 'string', default: '0' } as const;
  const { values } = parseArgs({ options: { home: { type: 'string' }, 'api-port': port } });
  const home = values.home ?? process.env['WINDLASS_HOME'] ?? '.windlass';
  return { home: resolve(home), apiPort: Number(values['api-port']) };
}

if (import.meta.main) {
  keepToOurselves();
  const opening = held(openServer(serverOptions()));
  const end = async (): Promise<void> => {
    await (await opening).close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void held(end()));
  await opening;
}
