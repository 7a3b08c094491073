import { z } from 'zod';
import type { World } from '../world.ts';
import { openPooler } from './database-doors/pooler.ts';
import { watchFaults } from './fault-watch.ts';
import { closeProjects, reopenProject } from './life.ts';
import { listen } from './listen.ts';
import { managementApp } from './management/app.ts';
import { ensureOrganization, ensureOwner } from './organizations.ts';
import { openRoom } from './room.ts';
import { authorityFile, ensureAuthority } from './tls/authority.ts';

/** How to open the Supabase stand-in; what is absent comes from the world or is made. */
export interface SupabaseOptions {
  readonly managementPort?: number;
  /** The token that opens every organization. */
  readonly token?: string;
  /** Slugs of organizations that there must be. */
  readonly organizations?: readonly string[];
  /** Where the cluster template is kept, to share one between worlds. */
  readonly templateFolder?: string;
}

/** The open stand-in. */
export interface Supabase {
  readonly managementUrl: string;
  readonly managementPort: number;
  readonly token: string;
  /** The certificate of the authority that signs the databases' own. */
  readonly databaseCa: string;
  /** To be called after a named fault was set or removed: `migrate` lives inside Postgres. */
  faultsChanged(): Promise<void>;
  /** Ends every process and door; the world keeps what is needed to open again. */
  close(): Promise<void>;
}

/** Opens the Management API and brings up again every project that the world remembers. */
export async function openSupabase(world: World, options: SupabaseOptions = {}): Promise<Supabase> {
  const room = openRoom(world, options.templateFolder);
  const token = ensureOwner(room, options.token);
  for (const slug of options.organizations ?? []) ensureOrganization(room, slug);
  await ensureAuthority(room.folder);
  const ports = world.collection('supabase-ports', z.int());
  const wanted = options.managementPort ?? ports.get('management');
  // Made ahead of the first project, which then waits for a copy only.
  const template = room.template().catch(() => undefined);
  const management = await listen(managementApp(room, token), wanted);
  ports.set('management', management.port);
  await room.mail.open(ports.get('mail'));
  ports.set('mail', room.mail.port());
  const pooler = await openPooler(room, ports.get('pooler'));
  ports.set('pooler', pooler.port);
  const refs = room.projects.list().map(([ref]) => ref);
  await Promise.all(refs.map((ref) => reopenProject(room, ref)));
  const faults = watchFaults(room);
  return {
    managementUrl: management.url,
    managementPort: management.port,
    token,
    databaseCa: authorityFile(room.folder),
    faultsChanged: faults.now,
    async close() {
      faults.stop();
      await template;
      await management.close();
      await pooler.close();
      await closeProjects(room);
      await room.mail.close();
    },
  };
}
