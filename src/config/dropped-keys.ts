import type { Issue } from './issue.ts';
import { migrationFiles } from './migrations.ts';
import { poolVariable } from './service.ts';
import type { Service } from './service.ts';

interface Written {
  readonly services: Readonly<Record<string, Service>>;
  readonly environments: Readonly<
    Record<
      string,
      {
        readonly billingAccount?: string | undefined;
        readonly budgetEmail?: string | undefined;
      }
    >
  >;
}

/**
 * Every key that another one makes void. Looked for in the user's windlass.yaml only: a stored
 * release was deployed as it is, and must stay readable.
 */
export function droppedKeys({ services, environments }: Written): readonly Issue[] {
  return [
    ...Object.entries(services).flatMap(([name, service]) => [
      ...withoutSource(name, service),
      ...builtInVain(name, service),
    ]),
    ...droppedIn(services),
    ...Object.entries(environments).flatMap(([name, { billingAccount, budgetEmail }]) =>
      budgetEmail === undefined || billingAccount !== undefined
        ? []
        : [
            {
              path: ['environments', name, 'budgetEmail'],
              message: 'would never receive mail: a budget needs `billingAccount` as well',
            },
          ],
    ),
  ];
}

/** That of it which an environment of its own can bring about as well. */
export function droppedIn(services: Written['services']): readonly Issue[] {
  return [
    ...Object.entries(services).flatMap(([name, service]) => [
      ...overwritten(name, service),
      ...poolOfNothing(name, service),
      ...loginOfNothing(name, service),
    ]),
    ...sameSecret(services),
  ];
}

function withoutSource(name: string, service: Service): readonly Issue[] {
  if (!service.migrations || migrationFiles(service) !== undefined) return [];
  const message =
    'an image alone brings none: name the folder that holds alembic.ini and migrations/ as ' +
    '`source` beside `image` (the image is what runs), or as `path` of `migrations`, or set `migrations: false`';
  return [{ path: ['services', name, 'migrations'], message }];
}

/** `image` is what runs: a build beside it would make an image that nobody asks for. */
function builtInVain(name: string, { image, build }: Service): readonly Issue[] {
  if (image === undefined || build === undefined) return [];
  const message =
    'has no effect beside `image`, which is what runs: remove one of them, or name the image under `environments.NAME.services` for the environments that shall not build it';
  return [{ path: ['services', name, 'build'], message }];
}

/** The address of a called service wins over a variable of the same name. */
function overwritten(name: string, { calls, env, candidates }: Service): readonly Issue[] {
  return calls.flatMap((callee) => {
    const known = callee.toUpperCase().replaceAll('-', '_');
    const keys = [`${known}_URL`, ...(candidates ? [`${known}_CANDIDATE_URL`] : [])];
    const message = `is set by \`calls\` to the address of ${callee}`;
    const fix = 'Give it another name.';
    return keys.flatMap((key) =>
      env[key] === undefined ? [] : [{ path: ['services', name, 'env', key], message, fix }],
    );
  });
}

function poolOfNothing(name: string, { pool, secrets, env }: Service): readonly Issue[] {
  if (pool === undefined) return [];
  const path = ['services', name];
  const unused = 'has no effect: the service has no secret from `database`';
  const twice = 'is set by `pool`: leave one of them out';
  return [
    ...(Object.values(secrets).includes('database')
      ? []
      : [{ path: [...path, 'pool'], message: unused }]),
    ...(env[poolVariable] === undefined
      ? []
      : [{ path: [...path, 'env', poolVariable], message: twice }]),
  ];
}

/** The logins of a service are made with its schema, and one without the other fails late. */
function loginOfNothing(name: string, { migrations, secrets }: Service): readonly Issue[] {
  if (migrations) return [];
  const message =
    'has nothing to log in to: a `database` secret needs `migrations: true`, which gives the service its schema and its logins';
  return Object.entries(secrets).flatMap(([secret, source]) =>
    source === 'database' ? [{ path: ['services', name, 'secrets', secret], message }] : [],
  );
}

/** `a` with the secret `b-c` and `a-b` with the secret `c` would share one. */
function sameSecret(services: Written['services']): readonly Issue[] {
  const owners = new Map<string, string>();
  return Object.entries(services).flatMap(([service, { secrets }]) =>
    Object.keys(secrets).flatMap((secret) => {
      const id = `${service}-${secret}`;
      const owner = owners.get(id);
      owners.set(id, owner ?? service);
      const message = `would be the secret ${id}, which is ${owner}'s: give it another name`;
      return owner === undefined
        ? []
        : [{ path: ['services', service, 'secrets', secret], message }];
    }),
  );
}
