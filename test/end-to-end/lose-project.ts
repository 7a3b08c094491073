import { z } from 'zod';
import { emptyAndDeleteBucket } from '../../src/gcp/delete-bucket.ts';
import type { Site } from '../../src/site.ts';
import { removeNewServices } from '../../src/stacks/remove-services.ts';

const Listing = z.record(z.string(), z.unknown());
const Named = z.array(z.looseObject({ name: z.string() }));

/**
 * Leaves an empty project of the same name: no service, secret, account, registry, channel, topic,
 * grant or bucket of it stays but the one named. Its budget does, for that is the billing account's.
 */
export async function loseProject(
  site: Site,
  { keep }: { readonly keep?: string } = {},
): Promise<void> {
  await removeNewServices(site, {});
  const { project, region } = site.google;
  for (const path of [
    `v1/projects/${project}/secrets`,
    `v1/projects/${project}/serviceAccounts`,
    `v1/projects/${project}/locations/${region}/repositories`,
    `v1/projects/${project}/subscriptions`,
    `v1/projects/${project}/topics`,
    `v3/projects/${project}/notificationChannels`,
  ])
    await deleteAll(site, path);
  await call(site, 'POST', `v1/projects/${project}:setIamPolicy`, { policy: { bindings: [] } });
  const mine = z.array(z.object({ name: z.string() })).default([]);
  const { items } = z
    .object({ items: mine })
    .parse(await call(site, 'GET', `storage/v1/b?project=${project}`));
  for (const { name } of items.filter((one) => one.name !== keep)) {
    await call(site, 'PATCH', `storage/v1/b/${name}`, { labels: { lost: 'yes' } });
    await emptyAndDeleteBucket(site.google, name, { lost: 'yes' });
  }
}

/** The display names of all budgets, to see that none was made twice. */
export async function budgetNames(site: Site): Promise<readonly string[]> {
  const account = site.environment.billingAccount ?? '';
  const { budgets } = z
    .object({ budgets: z.array(z.object({ displayName: z.string() })).default([]) })
    .parse(await call(site, 'GET', `v1/billingAccounts/${account}/budgets`));
  return budgets.map(({ displayName }) => displayName);
}

async function deleteAll(site: Site, path: string): Promise<void> {
  const version = path.split('/')[0] ?? '';
  const listed = Object.values(Listing.parse(await call(site, 'GET', path)));
  const found = listed.flatMap((value) => Named.safeParse(value).data ?? []);
  for (const { name } of found) await call(site, 'DELETE', `${version}/${name}`);
}

async function call(site: Site, method: string, path: string, body?: object): Promise<unknown> {
  const headers = {
    authorization: `Bearer ${await site.google.token()}`,
    'content-type': 'application/json',
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const url = `${site.google.endpoints.iam}/${path}`;
  const response = await fetch(url, { method, headers, ...sent });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? {} : JSON.parse(text);
}
