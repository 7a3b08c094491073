import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { readBucket } from './buckets.ts';
import { callGoogle } from './call.ts';

const Project = z.object({
  projectId: z.string(),
  projectNumber: z.string(),
  lifecycleState: z.string(),
});

/** The project of the access as Google knows it. */
export async function readGoogleProject(
  access: GoogleAccess,
  waiting: Waiting = {},
): Promise<z.infer<typeof Project>> {
  const url = `${access.endpoints.resourceManager}/v1/projects/${access.project}`;
  const action = `read the project ${access.project}`;
  return callGoogle(access, { action, url, answer: Project }, waiting);
}

const Bucket = z.object({ projectNumber: z.union([z.string(), z.number()]).transform(String) });

/** The number of the project that owns a bucket; undefined where there is no such bucket. */
export async function bucketOwner(
  access: GoogleAccess,
  bucket: string,
  waiting: Waiting = {},
): Promise<string | undefined> {
  const found = await readBucket(access, { name: bucket, answer: Bucket }, waiting);
  return found?.projectNumber;
}
