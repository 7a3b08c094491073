import { deletionPolicy, id, lastSegment, naming } from '../engine/common-fields.ts';
import { restResource } from '../engine/rest-resource.ts';
import {
  computed,
  jsonName,
  list,
  optional,
  optionalComputed,
  required,
  timeouts,
  type Fields,
} from '../engine/schema.ts';
import { text } from '../engine/value.ts';

const day: Fields = {
  day: required('number'),
  month: required('number'),
  year: required('number'),
};

const filter: Fields = {
  calendar_period: optional('string'),
  credit_types: optional(['list', 'string']),
  credit_types_treatment: optional('string', { default: 'INCLUDE_ALL_CREDITS' }),
  labels: optionalComputed(['map', 'string']),
  projects: optional(['set', 'string']),
  resource_ancestors: optional(['set', 'string']),
  services: optionalComputed(['list', 'string']),
  subaccounts: optional(['list', 'string']),
  custom_period: list(
    { max: 1 },
    { start_date: list({ min: 1, max: 1 }, day), end_date: list({ max: 1 }, day) },
  ),
};

const notifications: Fields = {
  disable_default_iam_recipients: optional('bool', { default: false }),
  enable_project_level_recipients: optional('bool', { default: false }),
  monitoring_notification_channels: optional(['list', 'string']),
  pubsub_topic: optional('string'),
  schema_version: optional('string', { default: '1.0' }),
};

const parts: Readonly<Record<string, readonly string[]>> = {
  amount: ['specifiedAmount.currencyCode', 'specifiedAmount.units', 'specifiedAmount.nanos'],
  budgetFilter: Object.entries(filter).map(([name, field]) => jsonName(name, field)),
  notificationsRule: Object.entries(notifications).map(([name, field]) => jsonName(name, field)),
};

/** The parts of what changed, each by its path. */
const byParts = (changed: readonly string[]): readonly string[] =>
  changed.flatMap((name) => parts[name]?.map((part) => `${name}.${part}`) ?? [name]);

/** A budget of a billing account: it warns, it does not cap. */
export const billingBudget = restResource({
  type: 'google_billing_budget',
  version: 1,
  product: 'billing_budgets',
  id: 'billingAccounts/{billing_account}/budgets/{name}',
  create: { path: 'billingAccounts/{billing_account}/budgets' },
  update: { method: 'PATCH', mask: byParts },
  importIds: ['billingAccounts/{billing_account}/budgets/{name}', '{billing_account}/{name}'],
  fields: {
    ...id,
    billing_account: naming(),
    display_name: optional('string'),
    ownership_scope: optional('string'),
    ...deletionPolicy,
    name: computed('string'),
    amount: list(
      { min: 1, max: 1 },
      {
        last_period_amount: optional('bool'),
        specified_amount: list(
          { max: 1 },
          {
            currency_code: optionalComputed('string'),
            nanos: optional('number'),
            units: optional('string'),
          },
        ),
      },
    ),
    budget_filter: list({ max: 1, computed: true }, filter),
    threshold_rules: list(
      {},
      {
        spend_basis: optional('string', { default: 'CURRENT_SPEND' }),
        threshold_percent: required('number'),
      },
    ),
    all_updates_rule: list({ max: 1, json: 'notificationsRule' }, notifications),
    timeouts: timeouts('create', 'update', 'delete'),
  },
  decode: (answer) => ({ ...answer, name: lastSegment(text(answer['name'])) }),
});
