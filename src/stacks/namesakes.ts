import { z } from 'zod';
import { callGoogle } from '../gcp/call.ts';
import type { GoogleAccess } from '../gcp/access.ts';
import { Failure } from '../failure.ts';

interface Wanted {
  readonly display_name: string;
  readonly billing_account: string;
}

/** The kinds whose names Google makes up: created twice they would be there twice. */
const lists: Readonly<Record<string, (google: GoogleAccess, wanted: Wanted) => string>> = {
  google_billing_budget: ({ endpoints }, { billing_account }) =>
    `${endpoints.billingBudgets}/v1/billingAccounts/${billing_account}/budgets`,
  google_monitoring_notification_channel: ({ endpoints, project }) =>
    `${endpoints.monitoring}/v3/projects/${project}/notificationChannels`,
};

const Named = z.array(z.looseObject({ name: z.string(), displayName: z.string().default('') }));
const Listing = z.object({
  budgets: Named.default([]),
  notificationChannels: Named.default([]),
});

/** The full name of the thing of this kind that shows the same display name, where there is one. */
export async function survivingNamesake(
  google: GoogleAccess,
  type: string,
  wanted: Wanted,
): Promise<string | undefined> {
  const url = lists[type]?.(google, wanted);
  if (url === undefined) return undefined;
  try {
    const answer = await callGoogle(google, { action: `list ${url}`, url, answer: Listing });
    const all = [...answer.budgets, ...answer.notificationChannels];
    return all.find(({ displayName }) => displayName === wanted.display_name)?.name;
  } catch (error) {
    if (error instanceof Failure && unseen.has(error.code)) return undefined;
    throw error;
  }
}

const unseen = new Set(['GOOGLE_NOT_FOUND', 'GOOGLE_DENIED']);
