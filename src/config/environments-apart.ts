import { releaseBucketOf } from '../release-bucket.ts';

type Values = Readonly<Record<string, string>>;

interface Environment {
  readonly project: string;
  readonly services?: Readonly<Record<string, { readonly env?: Values }>> | undefined;
  readonly backup?: { readonly bucket?: string | undefined } | undefined;
  readonly supabase: {
    readonly organization: string;
    readonly tokenFile?: string | undefined;
    readonly settings: { readonly site_url: string };
  };
}

/** The part of windlass.yaml that is looked at. */
interface Declared {
  readonly environments: Readonly<Record<string, Environment>>;
  readonly services: Readonly<
    Record<string, { readonly image?: string | undefined; readonly env: Values }>
  >;
}

/** Something of one environment that another one has or names; a sentence for the user. */
export interface Overlap {
  readonly path: readonly string[];
  readonly message: string;
}

type Named = readonly [name: string, environment: Environment];

/**
 * Everything that two environments share, or by which one points at the other: an environment that
 * is tried on must never reach production. A billing account is the company's and may be shared.
 */
export function overlaps(config: Declared): readonly Overlap[] {
  const environments = Object.entries(config.environments);
  const pairs = environments.flatMap((one, index) =>
    environments.slice(index + 1).map((other) => [one, other] as const),
  );
  return [
    ...pairs.flatMap(([one, other]) => shared(one, other)),
    ...environments.flatMap((one) => namedAfterAnother(one, environments)),
    ...(environments.length > 1 ? servicesOfOne(config) : []),
    ...environments.flatMap((one) => valuesOfAnother(one, environments)),
  ];
}

/** What must be each environment's own, by its place in windlass.yaml. */
const own: Readonly<Record<string, (environment: Environment) => string | undefined>> = {
  project: ({ project }) => project,
  'backup.bucket': releaseBucketOf,
  'supabase.organization': ({ supabase }) => supabase.organization,
  'supabase.tokenFile': ({ supabase }) => supabase.tokenFile,
  'supabase.settings.site_url': ({ supabase }) => supabase.settings.site_url.replace(/\/+$/, ''),
};

function shared([one, first]: Named, [other, second]: Named): readonly Overlap[] {
  return Object.entries(own).flatMap(([key, read]) => {
    const value = read(second);
    if (value === undefined || value !== read(first)) return [];
    return [
      {
        path: ['environments', other, ...key.split('.')],
        message: `is '${value}', which is ${one}'s: environments must not share it`,
      },
    ];
  });
}

/** `production` in the project `app-staging` is a mix-up, even where staging is elsewhere. */
function namedAfterAnother([name, environment]: Named, all: readonly Named[]): readonly Overlap[] {
  const others = all.map(([other]) => other).filter((other) => other !== name);
  return ['project', 'supabase.organization'].flatMap((key) => {
    const value = own[key]?.(environment) ?? '';
    const words = value.split(/[-_]/);
    const other = words.includes(name) ? undefined : others.find((one) => words.includes(one));
    if (other === undefined) return [];
    const message = `is '${value}', which belongs to ${other} by its name`;
    return [{ path: ['environments', name, ...key.split('.')], message }];
  });
}

/** What `services` says counts everywhere, so what names an environment's project takes it along. */
function servicesOfOne({ environments, services }: Declared): readonly Overlap[] {
  const owners = Object.entries(environments).map(
    ([name, { project }]) => [name, project] as const,
  );
  return Object.entries(services).flatMap(([service, { image, env }]) =>
    [['image', image ?? ''] as const, ...Object.entries(env)].flatMap(([key, value]) =>
      owners
        .filter(([, project]) => hasWord(value, project))
        .map(([owner]) => ({
          path: ['services', service, ...(key === 'image' ? [key] : ['env', key])],
          message: `names the project of ${owner}: every other environment would access it (set it under environments.${owner}.services)`,
        })),
    ),
  );
}

/** What an environment sets for itself may name its own project, and no other one's. */
function valuesOfAnother(
  [name, { services = {} }]: Named,
  all: readonly Named[],
): readonly Overlap[] {
  return Object.entries(services).flatMap(([service, { env = {} }]) =>
    Object.entries(env).flatMap(([key, value]) =>
      all
        .filter(([other, { project }]) => other !== name && hasWord(value, project))
        .map(([other]) => ({
          path: ['environments', name, 'services', service, 'env', key],
          message: `names the project of ${other}: ${name} would reach into it`,
        })),
    ),
  );
}

function hasWord(text: string, word: string): boolean {
  return text.split(/[^a-z0-9-]+/).includes(word);
}
