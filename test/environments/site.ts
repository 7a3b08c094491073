import { generatedKey } from '../../src/backups/keys.ts';
import { environmentOf, readConfig } from '../../src/config/read-config.ts';
import { everythingAt } from '../../src/gcp/access.ts';
import type { GoogleAccess } from '../../src/gcp/access.ts';
import type { Site } from '../../src/site.ts';
import { osUser } from '../../src/identity/os-user.ts';
import type { SupabaseAccess } from '../../src/supabase/access.ts';

interface Doors {
  readonly google: Pick<GoogleAccess, 'token' | 'account'> & { readonly url: string };
  readonly supabase: SupabaseAccess;
  readonly terraformEnv?: Readonly<Record<string, string>>;
}

/** The sample's production as a site in the project `demo-prod`, at doors of the test's own. */
export async function siteAt(home: string, doors: Doors): Promise<Site> {
  const config = await readConfig(process.cwd());
  const project = 'demo-prod';
  const { url, ...principal } = doors.google;
  return {
    ...{ root: process.cwd(), home, name: 'production', config, written: config },
    environment: { ...environmentOf(config, 'production'), project },
    google: everythingAt(url, { project, region: config.region, ...principal }),
    supabase: doors.supabase,
    terraformEnv: doors.terraformEnv ?? {},
    stateBucket: `${project}-state`,
    releaseBucket: `${project}-releases`,
    backupKeys: generatedKey(home, project),
    banner: 'a test',
    caller: () => osUser(),
  };
}
