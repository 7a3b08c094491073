import type { StateText } from '../state/state-text.ts';

/** One v1 service or member in the state. */
export interface V1Instance {
  /** With the keys of modules and instances. */
  readonly address: string;
  /** Without them, as a `removed` block wants it. */
  readonly resource: string;
  readonly service: string;
  /** A member's role and who has it; absent for a service. */
  readonly grant?: { readonly role: string; readonly member: string };
}

/** Every v1 service of a state, and who may call it. */
export function runsOnV1(state: StateText): readonly V1Instance[] {
  return state.resources.flatMap(({ mode, module, type, name, instances }) => {
    if (mode !== 'managed' || !/^google_cloud_run_service(_iam_member)?$/.test(type)) return [];
    const inModule = module === undefined ? '' : `${module}.`;
    return instances.map(({ index_key: key, attributes }) => ({
      address: `${inModule}${type}.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`,
      resource: `${inModule.replaceAll(/\[[^\]]*\]/g, '')}${type}.${name}`,
      ...ofAttributes(type, attributes),
    }));
  });
}

function ofAttributes(
  type: string,
  attributes: Readonly<Record<string, unknown>>,
): Pick<V1Instance, 'service' | 'grant'> {
  const text = (key: string): string => {
    const value = attributes[key];
    return typeof value === 'string' ? value : '';
  };
  if (type === 'google_cloud_run_service') return { service: text('name') };
  // The provider keeps a member's service as `v1/projects/…/services/NAME`.
  const service = text('service').split('/').at(-1) ?? '';
  return { service, grant: { role: text('role'), member: text('member') } };
}
