import { z } from 'zod';
import { Failure } from '../failure.ts';
import { bucketLabels } from '../gcp/buckets.ts';
import { callGoogle } from '../gcp/call.ts';
import { listObjects } from '../gcp/objects.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import type { Site } from '../site.ts';
import { findProject } from '../supabase/project.ts';
import type { Project } from '../supabase/project.ts';

/** Something that the clouds list of a scratch environment, and the marks that it carries. */
export interface Thing {
  readonly kind: 'service' | 'secret' | 'account' | 'repository' | 'bucket' | 'supabase';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** When it was made (ISO 8601), where the cloud says so. */
  readonly createdAt?: string | undefined;
  /** What tells an environment's bucket from any other. */
  readonly holds?: string;
}

const Named = z
  .array(
    z.looseObject({
      name: z.string(),
      createTime: z.string().optional(),
      labels: z.record(z.string(), z.string()).default({}),
    }),
  )
  .default([]);
const Listing = z.object({
  services: Named,
  secrets: Named,
  accounts: Named,
  repositories: Named,
});

/** All that the clouds' own lists still show of a scratch environment; none = it is gone. */
export async function whatIsLeft(site: Site): Promise<readonly string[]> {
  return (await thingsOf(site)).map(({ kind, name, labels }) =>
    kind === 'supabase'
      ? `Supabase project ${site.environment.supabase.project} (${labels['ref']})`
      : name,
  );
}

/** The same, each with its marks; a Supabase project carries none but its ref. */
export async function thingsOf(site: Site): Promise<readonly Thing[]> {
  const { endpoints, project, region } = site.google;
  const located = `projects/${project}/locations/${region}`;
  const lists = await Promise.all([
    listed(site, 'service', `${endpoints.run}/v2/${located}/services`),
    listed(site, 'secret', `${endpoints.secretManager}/v1/projects/${project}/secrets`),
    listed(site, 'account', `${endpoints.iam}/v1/projects/${project}/serviceAccounts`),
    listed(site, 'repository', `${endpoints.artifactRegistry}/v1/${located}/repositories`),
    buckets(site),
    supabaseProject(site),
  ]);
  return lists.flat().filter(({ kind, name }) => kind !== 'account' || ours.test(name));
}

/** Accounts as a foundation makes them; Google has others of its own in every project. */
const ours = /\/(run|windlass)-[^/]*$/;

/** Its own two, and any other of the project that holds what makes an environment. */
async function buckets(site: Site): Promise<readonly Thing[]> {
  const names = [site.stateBucket, site.releaseBucket];
  const own = await Promise.all(
    names.map(async (name) => ({ name, labels: await bucketLabels(site.google, name) })),
  );
  const there = own.flatMap(({ name, labels }) => (labels ? [{ name, labels }] : []));
  const others = (await bucketsOfProject(site)).filter(({ name }) => !names.includes(name));
  const found = await Promise.all(
    [...there, ...others].map(async (one) => ({
      ...{ kind: 'bucket' as const, ...one },
      ...(await contentOf(site, one.name)),
    })),
  );
  return found.filter(({ name, holds }) => names.includes(name) || holds !== undefined);
}

async function bucketsOfProject(site: Site) {
  const { endpoints, project } = site.google;
  const url = `${endpoints.storage}/storage/v1/b?project=${project}`;
  const call = { action: `list the buckets of ${project}`, url, answer: Buckets };
  try {
    return (await callGoogle(site.google, call)).items;
  } catch (error) {
    if (error instanceof Failure && holdsNothing(error)) return [];
    throw error;
  }
}

const Buckets = z.object({
  items: z
    .array(z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }))
    .default([]),
});

async function contentOf(site: Site, bucket: string): Promise<Pick<Thing, 'holds'>> {
  const listing = listObjects(site.google, bucket, '');
  const names = ((await unlessMissing(listing)) ?? []).map(({ name }) => name);
  const entries = names.filter((name) => name.startsWith('ledger/')).length;
  if (entries > 0) return { holds: `an environment's ledger of ${entries} entries` };
  const states = names.filter((name) => name.endsWith('.tfstate')).length;
  return states > 0 ? { holds: `${states} Terraform states` } : {};
}

async function supabaseProject(site: Site): Promise<readonly Thing[]> {
  const { organization, project: name } = site.environment.supabase;
  const found = await findProject(site.supabase, { name, organization });
  return found ? [thingOfProject(found)] : [];
}

/** A Supabase project as a thing: its mark is its ref. */
export function thingOfProject({ name, ref, createdAt }: Project): Thing {
  return { kind: 'supabase', name, labels: { ref }, createdAt };
}

async function listed(site: Site, kind: Thing['kind'], url: string): Promise<readonly Thing[]> {
  const call = { action: `list ${url}`, url, answer: Listing };
  try {
    return Object.values(await callGoogle(site.google, call))
      .flat()
      .map(({ name, labels, createTime: createdAt }) => ({ kind, name, labels, createdAt }));
  } catch (error) {
    if (error instanceof Failure && holdsNothing(error)) return [];
    throw error;
  }
}

/** There is no such project or place, or its API was never turned on. */
function holdsNothing({ code }: Failure): boolean {
  return code === 'GOOGLE_NOT_FOUND' || code === 'GOOGLE_API_OFF';
}
