import { z } from 'zod';
import { Failure } from '../failure.ts';
import { callGoogle } from '../gcp/call.ts';
import type { Site } from '../site.ts';
import { findProject } from '../supabase/project.ts';

const Named = z.array(z.looseObject({ name: z.string() })).default([]);
const Listing = z.object({
  services: Named,
  secrets: Named,
  accounts: Named,
  repositories: Named,
  items: Named,
});

/** All that the clouds' own lists still show of a scratch environment; none = it is gone. */
export async function whatIsLeft(site: Site): Promise<readonly string[]> {
  const { endpoints, project, region } = site.google;
  const located = `projects/${project}/locations/${region}`;
  const lists = await Promise.all([
    listed(site, `${endpoints.run}/v2/${located}/services`),
    listed(site, `${endpoints.secretManager}/v1/projects/${project}/secrets`),
    listed(site, `${endpoints.iam}/v1/projects/${project}/serviceAccounts`),
    listed(site, `${endpoints.artifactRegistry}/v1/${located}/repositories`),
    listed(site, `${endpoints.storage}/storage/v1/b?project=${project}`),
  ]);
  const buckets = new Set([site.stateBucket, site.releaseBucket]);
  const ours = lists.flat().filter((name) => name.includes('/') || buckets.has(name));
  const { organization, project: name } = site.environment.supabase;
  const found = await findProject(site.supabase, { name, organization });
  return [...ours, ...(found ? [`Supabase project ${name} (${found.ref})`] : [])];
}

async function listed(site: Site, url: string): Promise<readonly string[]> {
  const call = { action: `list ${url}`, url, answer: Listing };
  try {
    return Object.values(await callGoogle(site.google, call))
      .flat()
      .map(({ name }) => name);
  } catch (error) {
    if (error instanceof Failure && error.code === 'GOOGLE_NOT_FOUND') return [];
    throw error;
  }
}
