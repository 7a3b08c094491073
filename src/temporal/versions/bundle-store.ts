import { Failure } from '../../failure.ts';
import type { GoogleAccess } from '../../gcp/access.ts';
import { putOnce, readObject, statObject } from '../../gcp/objects.ts';
import { bundleOf, shortBuild, wayOut } from './bundle.ts';
import type { Bundle } from './bundle.ts';

/** The release bucket of an environment and the door to it. */
export interface Store {
  readonly google: GoogleAccess;
  readonly bucket: string;
}

/** Keeps a bundle where every machine can get it, once, under its digest. */
export async function depositBundle(
  { google, bucket }: Store,
  { buildId, code }: Bundle,
): Promise<void> {
  const ref = { bucket, name: objectOf(buildId) };
  if ((await statObject(google, ref)) !== undefined) return; // whoever reads it checks it
  await putOnce(google, ref, Buffer.from(code));
}

/** Reads a bundle; a Failure where it is gone or other bytes than its digest says. */
export async function fetchBundle({ google, bucket }: Store, buildId: string): Promise<Bundle> {
  const content = await readObject(google, { bucket, name: objectOf(buildId) });
  const bundle = content && bundleOf(String(content));
  if (bundle?.buildId === buildId) return bundle;
  const lies = `${bucket}/${objectOf(buildId)}`;
  throw new Failure({
    code: bundle ? 'BUNDLE_DAMAGED' : 'BUNDLE_GONE',
    what: `The workflow code ${shortBuild(buildId)} of an open run ${bundle ? 'is damaged' : 'is missing'}`,
    why: bundle ? `${lies} has the sha256 ${bundle.buildId}` : `there is no ${lies}`,
    fix: wayOut,
  });
}

function objectOf(buildId: string): string {
  return `workflows/${buildId}.js`;
}
