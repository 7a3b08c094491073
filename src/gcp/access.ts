import type { GoogleAuth } from 'google-auth-library';

/** Root URL of every Google API in use, without a trailing slash; `registry` is the image registry. */
export interface GoogleEndpoints {
  readonly run: string;
  readonly storage: string;
  readonly secretManager: string;
  readonly iam: string;
  readonly iamCredentials: string;
  readonly resourceManager: string;
  readonly serviceUsage: string;
  readonly artifactRegistry: string;
  readonly cloudBuild: string;
  readonly logging: string;
  readonly billingBudgets: string;
  readonly monitoring: string;
  readonly pubsub: string;
  readonly scheduler: string;
  readonly oauth: string;
  readonly registry: string;
  /** What tells under which address a service answers; absent = Cloud Run's own rule holds. */
  readonly serviceAddresses?: string;
}

/** Where one Google project is reached and by whom; the drivers know no more of the cloud than this. */
export interface GoogleAccess {
  readonly project: string;
  readonly region: string;
  readonly endpoints: GoogleEndpoints;
  readonly token: () => Promise<string>;
  /** The service account that the credential is of; undefined for a person. */
  readonly account?: () => Promise<string | undefined>;
}

/** Option of everything that waits; an abort ends the wait with the signal's own reason. */
export interface Waiting {
  readonly signal?: AbortSignal | undefined;
}

/** Access to a project whose every Google face answers at one root URL. */
export function everythingAt(url: string, owner: Omit<GoogleAccess, 'endpoints'>): GoogleAccess {
  const root = url.replace(/\/+$/, '');
  const endpoints: GoogleEndpoints = {
    run: root,
    storage: root,
    secretManager: root,
    iam: root,
    iamCredentials: root,
    resourceManager: root,
    serviceUsage: root,
    artifactRegistry: root,
    cloudBuild: root,
    logging: root,
    billingBudgets: root,
    monitoring: root,
    pubsub: root,
    scheduler: root,
    oauth: root,
    registry: root,
    serviceAddresses: `${root}/_sandbox/addresses`,
  };
  return { ...owner, endpoints };
}

/** The same access, to another region of the project. */
export function inRegion(access: GoogleAccess, region: string): GoogleAccess {
  const registry = access.endpoints.registry.replace(`//${access.region}-`, `//${region}-`);
  return { ...access, region, endpoints: { ...access.endpoints, registry } };
}

/** Access to a project on Google Cloud by Application Default Credentials. */
export function realGoogle(place: {
  readonly project: string;
  readonly region: string;
}): GoogleAccess {
  let auth: Promise<GoogleAuth> | undefined;
  const signedIn = () => (auth ??= googleAuth());
  const token = async () => (await (await signedIn()).getAccessToken()) ?? '';
  const account = async () => (await (await signedIn()).getCredentials()).client_email;
  return { ...place, token, account, endpoints: googleEndpoints(place.region) };
}

// Its library takes long to load, and the sandbox needs none of it.
async function googleAuth(): Promise<GoogleAuth> {
  const library = await import('google-auth-library');
  return new library.GoogleAuth({ scopes: ['https://www.googleapis.com/auth/cloud-platform'] });
}

function googleEndpoints(region: string): GoogleEndpoints {
  return {
    run: 'https://run.googleapis.com',
    storage: 'https://storage.googleapis.com',
    secretManager: 'https://secretmanager.googleapis.com',
    iam: 'https://iam.googleapis.com',
    iamCredentials: 'https://iamcredentials.googleapis.com',
    resourceManager: 'https://cloudresourcemanager.googleapis.com',
    serviceUsage: 'https://serviceusage.googleapis.com',
    artifactRegistry: 'https://artifactregistry.googleapis.com',
    cloudBuild: 'https://cloudbuild.googleapis.com',
    logging: 'https://logging.googleapis.com',
    billingBudgets: 'https://billingbudgets.googleapis.com',
    monitoring: 'https://monitoring.googleapis.com',
    pubsub: 'https://pubsub.googleapis.com',
    scheduler: 'https://cloudscheduler.googleapis.com',
    oauth: 'https://oauth2.googleapis.com',
    registry: `https://${region}-docker.pkg.dev`,
  };
}
