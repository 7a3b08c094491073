import { EventEmitter } from 'node:events';
import type { Storage } from '@google-cloud/storage';
import type { OAuth2Client } from 'google-auth-library';
import { assertMayWrite, userAgent } from '../lease/fence.ts';
import type { GoogleAccess } from './access.ts';

// Google's client puts more than Node's ten listeners on the stream of one download.
EventEmitter.defaultMaxListeners = 32;

/**
 * Google's own storage client at the access's endpoint, for a write; trying it again is the activity's
 * business. Loaded where something is written: reading needs none of it.
 */
export async function storageOf(access: GoogleAccess): Promise<Storage> {
  const library = await import('@google-cloud/storage');
  assertMayWrite();
  return new library.Storage({
    apiEndpoint: access.endpoints.storage,
    projectId: access.project,
    authClient: await bearer(access),
    useAuthWithCustomEndpoint: true,
    userAgent: userAgent(),
    retryOptions: { autoRetry: false },
  });
}

/** An auth client that asks our access for a token whenever Google's client wants one. */
async function bearer(access: GoogleAccess): Promise<OAuth2Client> {
  const library = await import('google-auth-library');
  const client = new library.OAuth2Client();
  client.refreshHandler = async () => ({
    access_token: await access.token(),
    expiry_date: Date.now() + 600_000,
  });
  return client;
}
