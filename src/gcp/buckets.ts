import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { done } from './official.ts';
import { unlessMissing } from './refusal.ts';
import { storageOf } from './storage.ts';
import { bucketUrl } from './stored-object.ts';

/** What became of a bucket: made now, or mended in the settings named, or neither. */
export interface EnsuredBucket {
  readonly name: string;
  readonly created: boolean;
  readonly changed: readonly string[];
}

/**
 * Makes sure that a versioned, uniform, never public bucket of this name exists. One that is made
 * now carries the labels from its first moment; one that is there keeps its own.
 */
export async function ensureBucket(
  access: GoogleAccess,
  name: string,
  { labels, ...waiting }: Waiting & { readonly labels?: Readonly<Record<string, string>> } = {},
): Promise<EnsuredBucket> {
  const found = await read(access, name, waiting);
  if (found) return mend(access, name, found, waiting);
  const bucket = (await storageOf(access)).bucket(name);
  try {
    await done(
      { action: `create the bucket ${name}`, mutating: true },
      bucket.create({
        location: access.region,
        ...wanted,
        ...(labels && { labels: { ...labels } }),
      }),
      waiting,
    );
  } catch (error) {
    return afterConflict(access, name, error, waiting);
  }
  return { name, created: true, changed: [] };
}

/** The labels of a bucket; undefined where there is no such bucket. */
export async function bucketLabels(
  access: GoogleAccess,
  name: string,
  waiting: Waiting = {},
): Promise<Readonly<Record<string, string>> | undefined> {
  return (await readBucket(access, { name, answer: Labelled }, waiting))?.labels;
}

const Labelled = z.object({ labels: z.record(z.string(), z.string()).default({}) });

const wanted = {
  versioning: { enabled: true },
  iamConfiguration: {
    uniformBucketLevelAccess: { enabled: true },
    publicAccessPrevention: 'enforced',
  },
} as const;

const Settings = z.object({
  versioning: z.object({ enabled: z.boolean().default(false) }).prefault({}),
  iamConfiguration: z
    .object({
      uniformBucketLevelAccess: z.object({ enabled: z.boolean().default(false) }).prefault({}),
      publicAccessPrevention: z.string().default('inherited'),
    })
    .prefault({}),
});
type Settings = z.infer<typeof Settings>;

/** What Google says of a bucket; undefined where there is no such bucket. */
export async function readBucket<T>(
  access: GoogleAccess,
  { name, answer }: { readonly name: string; readonly answer: z.ZodType<T> },
  waiting: Waiting,
): Promise<T | undefined> {
  const call = { action: `read the bucket ${name}`, url: bucketUrl(access, name), answer };
  return unlessMissing(callGoogle(access, call, waiting));
}

function read(access: GoogleAccess, name: string, waiting: Waiting): Promise<Settings | undefined> {
  return readBucket(access, { name, answer: Settings }, waiting);
}

async function mend(
  access: GoogleAccess,
  name: string,
  now: Settings,
  waiting: Waiting,
): Promise<EnsuredBucket> {
  const { uniformBucketLevelAccess, publicAccessPrevention } = now.iamConfiguration;
  const changed = [
    ...(now.versioning.enabled ? [] : ['versioning']),
    ...(uniformBucketLevelAccess.enabled ? [] : ['uniform access']),
    ...(publicAccessPrevention === 'enforced' ? [] : ['public access prevention']),
  ];
  if (changed.length > 0) {
    const action = `set ${changed.join(', ')} of the bucket ${name}`;
    const bucket = (await storageOf(access)).bucket(name);
    await done({ action, mutating: true }, bucket.setMetadata(wanted), waiting);
  }
  return { name, created: false, changed };
}

/** Bucket names are global: after a 409 it is ours (another run made it) or a stranger's. */
async function afterConflict(
  access: GoogleAccess,
  name: string,
  error: unknown,
  waiting: Waiting,
): Promise<EnsuredBucket> {
  if (!(error instanceof Failure) || error.code !== 'GOOGLE_CONFLICT') throw error;
  const found = await read(access, name, waiting).catch(() => undefined);
  if (found) return mend(access, name, found, waiting);
  throw new Failure({
    code: 'BUCKET_TAKEN',
    what: `The bucket ${name} cannot be created`,
    why: 'Bucket names are global, and this one belongs to another project.',
    fix: 'Choose another Google project id in windlass.yaml; bucket names come from it.',
    cause: error,
  });
}
