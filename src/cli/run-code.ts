import { setTimeout as pause } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { ServiceError, isGrpcServiceError } from '@temporalio/client';
import type { WorkflowStartOptions } from '@temporalio/client';
import type { Place } from '../endpoints.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import type { ShelfAddress } from '../site-address.ts';
import { depositBundle } from '../temporal/versions/bundle-store.ts';
import { versionOf } from '../temporal/versions/deployment.ts';
import { shelfAddressOf } from '../temporal/versions/shelf-address.ts';
import { shelved } from '../temporal/versions/shelf.ts';
import { readRecord } from './worker-record.ts';

/** What the start of a run says of the code that carries it out. */
export interface RunCode {
  /** Bound to the bundle of this machine's worker; absent = the one that is current for the queue. */
  readonly versioningOverride?: NonNullable<WorkflowStartOptions['versioningOverride']>;
  /** Where any worker finds that bundle. */
  readonly memo: { readonly codeAt: ShelfAddress };
}

/**
 * Binds a run to the code of whoever starts it, and keeps that code beside the releases. A worker
 * that somebody else runs carries a run out by the code that it came with.
 */
export async function runCode(place: Place, site: Site): Promise<RunCode> {
  const memo = { codeAt: shelfAddressOf(site) };
  const build =
    process.env['WINDLASS_WORKER'] === 'external' ? undefined : (await readRecord(place))?.build;
  if (build === undefined) return { memo };
  const bundle = await shelved(place.home, build);
  const store = { google: site.google, bucket: site.releaseBucket };
  if (bundle) await depositBundle(store, bundle).catch(leaveToWorker);
  return { memo, versioningOverride: { pinnedTo: versionOf(build) } };
}

/** Before a first deploy there is no bucket, and not everybody may write: the worker does it. */
function leaveToWorker(error: unknown): void {
  const codes = ['GOOGLE_NOT_FOUND', 'GOOGLE_DENIED'];
  if (!(error instanceof Failure) || !codes.includes(error.code)) throw error;
}

const patienceMs = 15_000;

/** Starts; the server learns of a new version a second after its first worker. */
export async function onceKnown<T>(start: () => Promise<T>): Promise<T> {
  for (const until = Date.now() + patienceMs; ; await pause(100)) {
    try {
      return await start();
    } catch (error) {
      const cause = error instanceof ServiceError ? error.cause : error;
      const unknown = isGrpcServiceError(cause) && cause.code === status.FAILED_PRECONDITION;
      if (!unknown || Date.now() > until) throw error;
    }
  }
}
