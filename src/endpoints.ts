import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { readAddressBook, sandboxHome } from './address-book.ts';
import type { AddressBook } from './address-book.ts';
import type { Config } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { generatedKey, keyInFile } from './backups/keys.ts';
import { Failure } from './failure.ts';
import { everythingAt, realGoogle } from './gcp/access.ts';
import type { GoogleAccess } from './gcp/access.ts';
import { googleIdentity } from './identity/google-identity.ts';
import { osUser } from './identity/os-user.ts';
import { environmentOf, readConfig } from './config/read-config.ts';
import { configIn } from './config/services-in.ts';
import { loweredWalls } from './config/walls.ts';
import { releaseBucketOf } from './release-bucket.ts';
import type { Site } from './site.ts';
import type { SiteAddress } from './site-address.ts';
import { requirePrivateTransport } from './temporal/private-transport.ts';
import { cloudSupabase } from './supabase/access.ts';
import { ownConfiguration } from './terraform/binary.ts';

export interface Place {
  readonly root: string;
  readonly home: string;
}

/**
 * The doors of an environment: the one place that knows whether it lies in the sandbox or in the
 * clouds. Its rules are those of the address that a caller gave, else of windlass.yaml in the place.
 * Fails when these are wrong or the sandbox has never been started.
 */
export async function siteOf(place: Place, name: string, address?: SiteAddress): Promise<Site> {
  if (address === undefined) return siteIn(place, await readConfig(place.root), name);
  const { target, project, region } = address;
  const google = await googleAt(place, target, { project, region });
  const { addressedConfig } = await import('./releases/addressed-config.ts'); // a worker's alone
  return siteIn(place, await addressedConfig(google, address), name);
}

/** An environment of a configuration that is at hand, such as one beside another's. */
export async function siteIn({ root, home }: Place, config: Config, name: string): Promise<Site> {
  const environment = environmentOf(config, name);
  const common = {
    root,
    home,
    name,
    config: configIn(config, name),
    written: config,
    environment,
    stateBucket: `${environment.project}-state`,
    releaseBucket: releaseBucketOf(environment),
  };
  const place = { root, home };
  return environment.target === 'sandbox'
    ? { ...common, ...(await inSandbox(place, config, environment)) }
    : { ...common, ...(await inClouds(place, config, environment)) };
}

/** The door to Google of one project. */
export async function googleAt(
  { home }: Place,
  target: Environment['target'],
  owner: { readonly project: string; readonly region: string },
): Promise<GoogleAccess> {
  if (target === 'cloud') return realGoogle(owner);
  const book = await requireAddressBook(home);
  return everythingAt(book.google, { ...owner, token: async () => book.googleToken });
}

type Doors = Pick<
  Site,
  'google' | 'supabase' | 'backupKeys' | 'terraformEnv' | 'banner' | 'caller'
>;

async function inSandbox(
  { root, home }: Place,
  config: Config,
  { project, supabase, backup }: Environment,
): Promise<Doors> {
  const book = await requireAddressBook(home);
  return {
    google: await googleAt({ root, home }, 'sandbox', { project, region: config.region }),
    supabase: {
      api: book.supabase,
      token: organizationToken(book, supabase.organization),
      projectUrl: (ref) => sandboxDoor(book.supabase, ref),
      databaseCa: book.databaseCa,
    },
    terraformEnv: terraformAt(book),
    backupKeys:
      backup.keyFile === undefined
        ? generatedKey(sandboxHome(home), project)
        : keyInFile(root, backup.keyFile),
    banner: `sandbox on this machine (project ${project}); no cloud is used${wallsText(config)}`,
    caller: () => osUser(),
  };
}

function wallsText({ sandbox }: Config): string {
  const lowered = loweredWalls(sandbox.walls);
  return lowered.length === 0 ? '' : `; walls off: ${lowered.join(', ')}`;
}

async function requireAddressBook(home: string): Promise<AddressBook> {
  const book = await readAddressBook(home);
  if (book) return book;
  throw new Failure({
    code: 'SANDBOX_DOWN',
    what: 'The sandbox is not running',
    why: `there is no address book in ${home}`,
    fix: 'Start it with `make sandbox-up`.',
  });
}

const Organizations = z.array(z.object({ slug: z.string(), token: z.string() }));

/** The token that opens this environment's organization alone; the owner's where it is unknown. */
function organizationToken(book: AddressBook, slug: string): () => Promise<string> {
  let asked: Promise<string> | undefined;
  const ask = async () => {
    const headers = { authorization: `Bearer ${book.supabaseToken}` };
    const answer = await fetch(`${book.supabase}/_sandbox/organizations`, { headers });
    const all = Organizations.parse(await answer.json());
    return all.find((one) => one.slug === slug)?.token ?? book.supabaseToken;
  };
  return () => (asked ??= ask());
}

const Door = z.object({ url: z.string() });

async function sandboxDoor(api: string, ref: string): Promise<string> {
  const answer = await fetch(`${api}/_sandbox/projects/${ref}`);
  return Door.parse(await answer.json()).url;
}

/** The google provider's own variables for its doors; a value ends with a slash. */
function terraformAt(book: AddressBook): Readonly<Record<string, string>> {
  const v1 = `${book.google}/v1/`;
  const real = process.env['WINDLASS_PROVIDER'] === 'real';
  return {
    GOOGLE_OAUTH_ACCESS_TOKEN: book.googleToken,
    GOOGLE_CLOUD_RUN_V2_CUSTOM_ENDPOINT: `${book.google}/v2/`,
    GOOGLE_CLOUD_RUN_CUSTOM_ENDPOINT: `${book.google}/`,
    GOOGLE_CLOUD_SCHEDULER_CUSTOM_ENDPOINT: v1,
    GOOGLE_SECRET_MANAGER_CUSTOM_ENDPOINT: v1,
    GOOGLE_IAM_BETA_CUSTOM_ENDPOINT: v1,
    GOOGLE_SERVICE_USAGE_CUSTOM_ENDPOINT: v1,
    GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT: v1,
    GOOGLE_ARTIFACT_REGISTRY_CUSTOM_ENDPOINT: v1,
    GOOGLE_BILLING_BUDGETS_CUSTOM_ENDPOINT: v1,
    GOOGLE_PUBSUB_CUSTOM_ENDPOINT: v1,
    GOOGLE_MONITORING_CUSTOM_ENDPOINT: `${book.google}/`,
    GOOGLE_STORAGE_CUSTOM_ENDPOINT: `${book.google}/storage/v1/`,
    GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT: `${book.google}/storage/v1/`,
    ...(real ? ownConfiguration() : { TF_REATTACH_PROVIDERS: book.reattach }),
  };
}

async function inClouds(
  { root, home }: Place,
  config: Config,
  environment: Environment,
): Promise<Doors> {
  const { project, supabase } = environment;
  const google = await googleAt({ root, home }, 'cloud', { project, region: config.region });
  await requirePrivateTransport(home);
  return {
    google,
    supabase: cloudSupabase(
      () => supabaseToken(supabase.tokenFile && resolve(root, supabase.tokenFile)),
      supabase.databaseCaFile && resolve(root, supabase.databaseCaFile),
    ),
    backupKeys: keyInFile(root, environment.backup.keyFile),
    terraformEnv: { GOOGLE_OAUTH_ACCESS_TOKEN: await google.token(), ...ownConfiguration() },
    banner: `REAL CLOUD: Google project ${project}, Supabase ${supabase.project}`,
    caller: () => googleIdentity(google),
  };
}

async function supabaseToken(file: string | undefined): Promise<string> {
  const text =
    file === undefined ? process.env['SUPABASE_ACCESS_TOKEN'] : await readFile(file, 'utf8');
  if (text?.trim()) return text.trim();
  throw new Failure({
    code: 'SUPABASE_TOKEN_MISSING',
    what: 'No Supabase access token',
    why: 'neither `supabase.tokenFile` in windlass.yaml nor SUPABASE_ACCESS_TOKEN gives one',
    fix: 'Make a token in the Supabase dashboard and write it to a file that only you can read.',
  });
}
