import { z } from 'zod';
import { callGoogle } from '../gcp/call.ts';
import type { GoogleAccess } from '../gcp/access.ts';
import { Failure } from '../failure.ts';

interface Wanted {
  readonly display_name: string;
  readonly billing_account: string;
  readonly budget_filter: readonly { readonly projects?: readonly string[] | null | undefined }[];
}

/** The kinds whose names Google makes up: created twice they would be there twice. */
const lists: Readonly<Record<string, (google: GoogleAccess, wanted: Wanted) => string>> = {
  google_billing_budget: ({ endpoints }, { billing_account }) =>
    `${endpoints.billingBudgets}/v1/billingAccounts/${billing_account}/budgets`,
  google_monitoring_notification_channel: ({ endpoints, project }) =>
    `${endpoints.monitoring}/v3/projects/${project}/notificationChannels`,
};

const Named = z.array(
  z.object({
    name: z.string(),
    displayName: z.string().default(''),
    budgetFilter: z.object({ projects: z.array(z.string()).default([]) }).optional(),
  }),
);
const Listing = z.object({
  budgets: Named.default([]),
  notificationChannels: Named.default([]),
});

/**
 * The full name of the thing of this kind that shows the same display name, where there is one. A
 * budget must be of the same projects too: a billing account has those of strangers.
 */
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
    const projects = wanted.budget_filter.flatMap((filter) => filter.projects ?? []);
    return all.find(
      ({ displayName, budgetFilter }) =>
        displayName === wanted.display_name &&
        projects.every((project) => budgetFilter?.projects.includes(project)),
    )?.name;
  } catch (error) {
    if (error instanceof Failure && unseen.has(error.code)) return undefined;
    throw error;
  }
}

const unseen = new Set(['GOOGLE_NOT_FOUND', 'GOOGLE_DENIED', 'GOOGLE_API_OFF']);
