import { EventEmitter } from 'node:events';
import { Storage } from '@google-cloud/storage';
import { assertMayWrite, userAgent } from '../lease/fence.ts';
import type { GoogleAccess } from './access.ts';
import { bearer } from './official.ts';

// Google's client puts more than Node's ten listeners on the stream of one download.
EventEmitter.defaultMaxListeners = 32;

/** Google's own storage client at the access's endpoint; retrying a write is the activity's business. */
export function storageOf(access: GoogleAccess, use: 'reads' | 'writes' = 'writes'): Storage {
  if (use === 'writes') assertMayWrite();
  return new Storage({
    apiEndpoint: access.endpoints.storage,
    projectId: access.project,
    authClient: bearer(access),
    useAuthWithCustomEndpoint: true,
    userAgent: userAgent(),
    retryOptions: use === 'reads' ? { autoRetry: true, maxRetries: 3 } : { autoRetry: false },
  });
}
