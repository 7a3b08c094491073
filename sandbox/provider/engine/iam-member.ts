import { condition, id, lastSegment } from './common-fields.ts';
import type { Configuration, Product } from './configuration.ts';
import { unlessGone, type Request } from './http.ts';
import { bindingsOf, changePolicy, sameGrant } from './iam-policy.ts';
import type { Binding, PolicyCalls } from './iam-policy.ts';
import { toJson } from './json.ts';
import { filled } from './path-template.ts';
import { reconciled } from './reconcile.ts';
import type { Call, Resource } from './resource.ts';
import { computed, required, timeouts, type Fields } from './schema.ts';
import { isObject, text, type Value, type ValueObject } from './value.ts';

/** One member of one role on some thing: how the thing is named and how its policy is reached. */
export type IamTable = {
  readonly type: string;
  readonly product: Product;
  readonly generated?: true;
  /** The attributes that name the thing. */
  readonly parent: Fields;
  /** Path of the thing, a template over those attributes. */
  readonly path: string;
  /** How ids name the thing, where not by its path. */
  readonly idPath?: string;
  readonly get: Pick<Request, 'method' | 'query' | 'body'> & { readonly suffix: string };
  readonly set: { readonly method: 'POST' | 'PUT'; readonly suffix: string };
  readonly wrap: (policy: ValueObject) => ValueObject;
  /** Accepted forms of the thing's name in an import id. */
  readonly names: readonly string[];
  readonly imported?: (found: ValueObject, configuration: Configuration) => ValueObject;
  readonly timeouts?: readonly string[];
};

/** Makes the verbs of an IAM member: a member added to, found in and taken out of the thing's policy. */
export function iamMember(table: IamTable): Resource {
  const fields: Fields = {
    ...id,
    ...table.parent,
    role: required('string', { forceNew: true }),
    member: required('string', { forceNew: true }),
    etag: computed('string'),
    ...condition,
    ...(table.timeouts === undefined ? {} : { timeouts: timeouts(...table.timeouts) }),
  };
  const read = readMember(table, fields);
  return {
    type: table.type,
    fields,
    importIds: table.names.map((name) => `${name} {+role} {+member}`),
    ...(table.imported === undefined ? {} : { imported: table.imported }),
    read,
    create: async (call, planned) => {
      await changePolicy(call, policyCalls(table, planned), (bindings) =>
        withMember(bindings, wanted(planned)),
      );
      return { state: await read(call, planned) };
    },
    destroy: async (call, state) => {
      const calls = policyCalls(table, state);
      const change = changePolicy(call, calls, (bindings) =>
        withoutMember(bindings, wanted(state)),
      );
      await unlessGone(change.then(() => ({})));
    },
  };
}

const readMember =
  (table: IamTable, fields: Fields) =>
  async (call: Call, state: ValueObject): Promise<ValueObject | null> => {
    const policy = await unlessGone(call.send(policyCalls(table, state).get));
    if (policy === null) return null;
    const { member, ...grant } = wanted(state);
    const holds = (binding: Binding) =>
      sameGrant(binding, grant) && binding.members.includes(member);
    if (!bindingsOf(policy).some(holds)) return null;
    const path = pathOf({ ...table, path: table.idPath ?? table.path }, state);
    const fresh = { ...state, etag: policy['etag'] ?? null };
    const parts = [path, grant.role, member, ...partsOf(grant.condition)];
    const known = { ...state, id: parts.join('/') };
    return { ...reconciled(fields, fresh, known), ...ownersByPath(table, path) };
  };

/** The real provider keeps the whole path where the configuration may have said a name alone. */
function ownersByPath({ parent }: IamTable, path: string): ValueObject {
  return Object.fromEntries(ownersOf(parent).map((name) => [name, path]));
}

const ownersOf = (parent: Fields): readonly string[] =>
  Object.entries(parent).flatMap(([name, field]) =>
    field.kind === 'attribute' && field.same !== undefined ? [name] : [],
  );

function policyCalls(table: IamTable, state: ValueObject): PolicyCalls {
  const shared = { product: table.product, generated: table.generated === true };
  const path = pathOf(table, state);
  const { suffix, ...get } = table.get;
  return {
    get: { ...shared, ...get, path: `${path}${suffix}` },
    set: (policy) => ({
      ...shared,
      method: table.set.method,
      path: `${path}${table.set.suffix}`,
      body: table.wrap(policy),
    }),
  };
}

/** A thing whose name may be given as its whole path is named by the last segment. */
function pathOf(table: IamTable, state: ValueObject): string {
  const names = ownersOf(table.parent).map((name) => [name, lastSegment(text(state[name]))]);
  return filled(table.path, { ...state, ...Object.fromEntries(names) });
}

type Grant = { readonly role: string; readonly member: string; readonly condition: Value };

function wanted(state: ValueObject): Grant {
  const json = toJson(condition, state);
  return {
    role: text(state['role']),
    member: text(state['member']),
    condition: json['condition'] ?? null,
  };
}

const partsOf = (condition: Value): readonly string[] =>
  isObject(condition)
    ? ['title', 'description', 'expression'].map((name) => text(condition[name]))
    : [];

function withMember(bindings: readonly Binding[], { member, ...grant }: Grant): readonly Binding[] {
  const others = withoutMember(bindings, { member, ...grant });
  const found = others.find((binding) => sameGrant(binding, grant));
  if (found === undefined) return [...others, { ...grant, members: [member] }];
  return others.map((binding) =>
    binding === found ? { ...binding, members: [...binding.members, member].sort() } : binding,
  );
}

const withoutMember = (
  bindings: readonly Binding[],
  { member, ...grant }: Grant,
): readonly Binding[] =>
  bindings.map((binding) =>
    sameGrant(binding, grant)
      ? { ...binding, members: binding.members.filter((one) => one !== member) }
      : binding,
  );
