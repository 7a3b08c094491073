import type { IamTable } from './iam-member.ts';
import { sameThing } from './common-fields.ts';
import { optionalComputed, required, type Attribute, type Fields } from './schema.ts';

/** The verbs of most products: GET `:getIamPolicy`, POST `:setIamPolicy`. */
export const policyVerbs = {
  get: { method: 'GET', suffix: ':getIamPolicy' },
  set: { method: 'POST', suffix: ':setIamPolicy' },
  wrap: (policy) => ({ policy }),
} as const satisfies Pick<IamTable, 'get' | 'set' | 'wrap'>;

/** Asks for a policy with its conditions; most products are not asked so. */
export const ofVersion3 = { query: { 'options.requestedPolicyVersion': '3' } } as const;

/** The thing whose policy it is, by its name or its whole path. */
export const policyOwner = (): Attribute =>
  required('string', { local: true, forceNew: true, same: sameThing });

/** The thing's location, by default the provider's region. */
export const ownerLocation: Fields = {
  location: optionalComputed('string', { local: true, forceNew: true }),
};

/** The path of a thing that lives in a location, and the forms of it that an import id may take. */
export const located = (kind: string, name: string): Pick<IamTable, 'path' | 'names'> => {
  const path = `projects/{project}/locations/{location}/${kind}/{${name}}`;
  return { path, names: [path, `{project}/{location}/{${name}}`, `{location}/{${name}}`] };
};
