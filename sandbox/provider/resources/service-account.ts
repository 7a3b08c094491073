import { deletionPolicy, id, lastSegment, naming, project } from '../engine/common-fields.ts';
import { restResource } from '../engine/rest-resource.ts';
import { computed, optional, timeouts } from '../engine/schema.ts';
import { isObject, text, type ValueObject } from '../engine/value.ts';

/** A service account; creating it waits for nothing, while the real provider waits 12 s. */
export const serviceAccount = restResource({
  type: 'google_service_account',
  product: 'iam_beta',
  generated: true,
  id: 'projects/{project}/serviceAccounts/{email}',
  create: { path: 'projects/{project}/serviceAccounts' },
  update: {
    method: 'PATCH',
    wrap: (body, updateMask) => ({ serviceAccount: accountOf(body), updateMask }),
  },
  importIds: ['projects/{project}/serviceAccounts/{email}', '{project}/{email}', '{email}'],
  imported: (found) => ({ ...found, account_id: text(found['email']).replace(/@.*/, '') }),
  fields: {
    ...id,
    ...project,
    account_id: naming(),
    display_name: optional('string'),
    description: optional('string'),
    disabled: optional('bool', { local: true, default: false }),
    create_ignore_already_exists: optional('bool', { local: true }),
    ...deletionPolicy,
    email: computed('string'),
    member: computed('string'),
    name: computed('string'),
    unique_id: computed('string'),
    timeouts: timeouts('create'),
  },
  encode: (body, state) => ({
    accountId: state['account_id'] ?? null,
    serviceAccount: body,
  }),
  decode: (answer) => ({
    ...answer,
    member: `serviceAccount:${lastSegment(text(answer['email']))}`,
  }),
});

const accountOf = (body: ValueObject): ValueObject =>
  isObject(body['serviceAccount']) ? body['serviceAccount'] : {};
