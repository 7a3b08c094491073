import type { Config } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import type { BackupKeys } from './backups/keys.ts';
import type { GoogleAccess } from './gcp/access.ts';
import type { Identity } from './words.ts';
import type { SupabaseAccess } from './supabase/access.ts';

/** The bucket of an environment's releases, ledger and backups, and the door to it. */
export type ReleaseShelf = Pick<Site, 'google' | 'releaseBucket'>;

/** One environment and the doors to it: all that an activity needs to know of where it works. */
export interface Site {
  /** The project's folder: windlass.yaml and the services' sources. */
  readonly root: string;
  /** Where this machine keeps what it may lose at any time. */
  readonly home: string;
  readonly name: string;
  /** `services` are those of this environment. */
  readonly config: Config;
  /** As windlass.yaml has it, for all environments: what is stored, and read for another one. */
  readonly written: Config;
  readonly environment: Environment;
  /** The access file as the release bundled it; absent = the one in the working tree. */
  readonly bundledAccess?: string;
  /** The form of the release's bundle (src/releases/format.ts); absent = the working tree's. */
  readonly releaseFormat?: number;
  readonly google: GoogleAccess;
  readonly supabase: SupabaseAccess;
  /** Environment variables that point terraform and its provider to the cloud. */
  readonly terraformEnv: Readonly<Record<string, string>>;
  readonly stateBucket: string;
  readonly releaseBucket: string;
  readonly backupKeys: BackupKeys;
  /** One line that says which clouds these are. */
  readonly banner: string;
  /** Who uses these doors: whom Google knows by the credential, in the sandbox the system’s user. */
  readonly caller: () => Promise<Identity>;
}
