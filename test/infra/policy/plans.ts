import { PlanJson } from '../../../src/terraform/plan-json.ts';

type Values = Readonly<Record<string, unknown>>;

/** A change of a crafted plan; `create` unless it says otherwise. */
export interface Crafted {
  readonly type: string;
  readonly after: Values | null;
  readonly before?: Values | null;
  readonly actions?: readonly string[];
  readonly importing?: { readonly id: string };
}

/** A plan with these changes; the address of the nth is TYPE.rN. */
export function planOf(changes: readonly Crafted[], more: Values = {}): PlanJson {
  return PlanJson.parse({
    format_version: '1.2',
    resource_changes: changes.map(({ type, actions = ['create'], ...change }, index) => ({
      address: `${type}.r${index}`,
      type,
      change: { actions, ...change },
    })),
    ...more,
  });
}

const digest = 'a'.repeat(64);

/** The values of a sound service; what is given replaces its parts. */
export function service(
  parts: {
    readonly top?: Values;
    readonly template?: Values;
    readonly container?: Values;
    readonly resources?: readonly Values[];
    readonly min?: number;
    readonly memory?: string;
  } = {},
): Values {
  const limits = { cpu: '1', memory: parts.memory ?? '512Mi' };
  const container = {
    image: `registry/meals@sha256:${digest}`,
    env: [{ name: 'LOG_LEVEL', value: 'info', value_source: [] }],
    resources: parts.resources ?? [{ cpu_idle: true, startup_cpu_boost: true, limits }],
    ...parts.container,
  };
  return {
    name: 'meals',
    project: 'wellness-production',
    location: 'us-central1',
    labels: { environment: 'production', 'managed-by': 'windlass' },
    deletion_protection: true,
    scaling: [{ min_instance_count: parts.min ?? null, max_instance_count: 2 }],
    template: [
      {
        service_account: 'run-meals@wellness-production.iam.gserviceaccount.com',
        containers: [container],
        volumes: [volume('3')],
        scaling: [],
        ...parts.template,
      },
    ],
    ...parts.top,
  };
}

/** A secret volume of that version; none means a volume without items. */
export function volume(version?: string): Values {
  const items = version === undefined ? [] : [{ path: 'value', version }];
  return { name: 'database-url', secret: [{ secret: 'meals-database-url', items }] };
}
