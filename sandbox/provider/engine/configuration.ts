import { z } from 'zod';
import { list, optional, type Fields } from './schema.ts';
import type { LabelDefaults } from './labels.ts';

/** Products that have an endpoint of their own, as the provider's arguments spell them. */
export const products = [
  'artifact_registry',
  'billing_budgets',
  'cloud_run',
  'cloud_run_v2',
  'cloud_scheduler',
  'iam_beta',
  'monitoring',
  'pubsub',
  'resource_manager',
  'secret_manager',
  'service_usage',
  'storage',
] as const;

/** One of the products. */
export type Product = (typeof products)[number];

/** Arguments of the provider block. */
export const providerFields: Fields = {
  project: optional('string'),
  region: optional('string'),
  zone: optional('string'),
  access_token: optional('string'),
  credentials: optional('string'),
  impersonate_service_account: optional('string'),
  scopes: optional(['list', 'string']),
  billing_project: optional('string'),
  user_project_override: optional('bool'),
  request_timeout: optional('string'),
  request_reason: optional('string'),
  poll_interval: optional('string'),
  universe_domain: optional('string'),
  deletion_policy: optional('string'),
  default_labels: optional(['map', 'string']),
  add_terraform_attribution_label: optional('bool'),
  terraform_attribution_label_addition_strategy: optional('string'),
  ...Object.fromEntries(
    products.map((product) => [`${product}_custom_endpoint`, optional('string')]),
  ),
  batching: list({}, { enable_batching: optional('bool'), send_after: optional('string') }),
};

const known = z.string().nullish().catch(null);
const argumentsSchema = z.looseObject({
  project: known,
  region: known,
  access_token: known,
  billing_project: known,
  user_project_override: z.boolean().nullish().catch(null),
  poll_interval: known,
  deletion_policy: known,
  default_labels: z.record(z.string(), z.string()).nullish().catch(null),
  add_terraform_attribution_label: z.boolean().nullish().catch(null),
});

/** What a configured provider works with; intervals in milliseconds. */
export type Configuration = {
  readonly project: string | null;
  readonly region: string | null;
  readonly token: string;
  readonly userProject: string | null;
  readonly pollMs: number;
  readonly deletionPolicy: string;
  readonly labels: LabelDefaults;
  readonly endpoint: (product: Product) => string;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the provider block; the environment fills what it leaves out, as with the real provider. */
export function configurationOf(input: unknown, env: Environment): Configuration {
  const block = argumentsSchema.parse(input ?? {});
  const billed = block.billing_project ?? env['GOOGLE_BILLING_PROJECT'] ?? null;
  return {
    project: block.project ?? env['GOOGLE_PROJECT'] ?? env['GOOGLE_CLOUD_PROJECT'] ?? null,
    region: block.region ?? env['GOOGLE_REGION'] ?? null,
    token: block.access_token ?? env['GOOGLE_OAUTH_ACCESS_TOKEN'] ?? '',
    userProject: block.user_project_override === true ? billed : null,
    pollMs: durationMs(block.poll_interval) ?? 200,
    deletionPolicy: block.deletion_policy ?? 'DELETE',
    labels: {
      labels: block.default_labels ?? {},
      attribution: block.add_terraform_attribution_label ?? true,
    },
    endpoint: (product) => endpointOf(product, block[`${product}_custom_endpoint`], env),
  };
}

function endpointOf(product: Product, argument: unknown, env: Environment): string {
  const variable = `GOOGLE_${product.toUpperCase()}_CUSTOM_ENDPOINT`;
  const endpoint = typeof argument === 'string' && argument !== '' ? argument : env[variable];
  if (endpoint === undefined) {
    throw new Error(`${variable} is not set: this stand-in only speaks to the sandbox`);
  }
  if (!/.*\/[^/]+\/$/.test(endpoint))
    throw new Error(`${variable} "${endpoint}" must end in a slash`);
  return endpoint;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration as Go writes it, such as `1m30s`; null where there is none. */
export function durationMs(duration: string | null | undefined): number | null {
  const parts = [...(duration ?? '').matchAll(/([\d.]+)(ms|s|m|h)/g)];
  if (parts.length === 0) return null;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? 's'] ?? 0), 0);
}
