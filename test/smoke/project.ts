import type { Login } from '../../src/postgres/connect.ts';
import { ownedSettings } from '../../src/owned-settings.ts';
import type { Site } from '../../src/site.ts';
import { openRegister } from '../../src/smoke/register.ts';
import type { Register } from '../../src/smoke/register.ts';
import type { Door } from '../../src/supabase/door.ts';
import { openShelf } from '../releases/release-shelf.ts';
import { openStandIn, readyProject } from '../sandbox/supabase/stand-in.ts';

/** A project with its door and database, and a site whose release bucket is real. */
export interface SmokeProject {
  readonly site: Site;
  readonly door: Door;
  readonly login: Login;
  readonly register: Register;
  readonly sql: (query: string) => Promise<unknown>;
  readonly settings: (change: object) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The sample's settings, and no service: what is checked must not hang on any. */
export async function openProject(): Promise<SmokeProject> {
  const [standIn, shelf] = [await openStandIn(), await openShelf()];
  const project = await readyProject(standIn.api);
  const settings = async (change: object): Promise<void> => {
    await standIn.api('PATCH', `/v1/projects/${project.ref}/config/auth`, change);
  };
  const { environment, config } = shelf.site;
  await settings(ownedSettings(shelf.site));
  const supabase = { ...environment.supabase, exposedSchemas: ['public'] };
  const site = {
    ...shelf.site,
    home: standIn.folder,
    config: { ...config, services: {} },
    environment: { ...environment, supabase },
  };
  return {
    site,
    door: { url: project.url, anonKey: project.anon, serviceRoleKey: project.service },
    login: { user: 'postgres', database: 'postgres', password: 'owner-password', ...project.db },
    register: await openRegister(site, 'run-of-a-test'),
    sql: async (query) => {
      const reads = query.startsWith('select');
      return (await project.sql(reads ? query : `${query}; notify pgrst, 'reload schema'`)).body;
    },
    settings,
    close: async () => {
      await standIn[Symbol.asyncDispose]();
      await shelf.close();
    },
  };
}
