import type { Kind } from '../config/kind.ts';
import { poolVariable } from '../config/service.ts';
import type { Ingress } from '../config/service.ts';
import { Failure } from '../failure.ts';
import { ownValue } from '../own-value.ts';

/** What the stacks need to know of a service; windlass.yaml's services have this shape. */
export interface CatalogService {
  /** Absent = a service. */
  readonly kind?: Kind | undefined;
  readonly cpu: number;
  readonly memory: string;
  readonly min: number;
  readonly max: number;
  readonly concurrency: number;
  readonly port: number;
  readonly public: boolean;
  readonly calls: readonly string[];
  readonly candidates?: boolean | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Source by short name; of it Terraform learns only whether it makes the secret. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Where windlass.yaml states it; a service that it says nothing of gets no variable. */
  readonly pool?: number | undefined;
  readonly startupPath: string;
  readonly livenessPath: string;
  readonly startup?: number | undefined;
  readonly timeout?: number | undefined;
  readonly command?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
  readonly ingress?: Ingress | undefined;
  readonly schedule?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly retries?: number | undefined;
  readonly taskTimeout?: number | undefined;
}

/** The environment that the stacks are for. */
export interface CatalogEnvironment {
  readonly name: string;
  readonly project: string;
  readonly region: string;
  readonly billingAccount?: string | undefined;
  /** Google's number of the project: what a budget is limited by; needed with a billing account. */
  readonly projectNumber?: string | undefined;
  readonly budgetEmail?: string | undefined;
}

export interface FoundationInput {
  readonly environment: CatalogEnvironment;
  readonly services: Readonly<Record<string, CatalogService>>;
  readonly repository?: string;
}

export interface ServicesInput {
  readonly environment: CatalogEnvironment;
  readonly services: Readonly<Record<string, CatalogService>>;
  /** Image reference with its digest, by service. */
  readonly images: Readonly<Record<string, string>>;
  /** Version number by the secret's full name (SERVICE-NAME). */
  readonly secretVersions: Readonly<Record<string, string>>;
  /** Under which address each callee answers, by its name. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly deletionProtection: boolean;
  /** Under which address the candidate of each callee answers, for callers that ask for it. */
  readonly candidates?: Readonly<Record<string, string>>;
}

/** The variables of 10-foundation, to be written as `release.tfvars.json`. */
export function foundationVariables(input: FoundationInput) {
  return {
    environment: environmentOf(input.environment),
    services: mapValues(input.services, ({ secrets }) => secretsBySource(secrets)),
    budget: budgetOf(input.environment),
    // Silent where there is none: a stack that was released before does not know the variable.
    ...(Object.values(input.services).some(isScheduled) && { scheduled: true }),
    ...(input.repository === undefined ? {} : { repository: input.repository }),
  };
}

/** Terraform makes those that Windlass fills; those of a person are there before it, and stay. */
function secretsBySource(sources: CatalogService['secrets']) {
  const names = Object.keys(sources).sort();
  const external = names.filter((name) => sources[name] === 'external');
  const secrets = names.filter((name) => !external.includes(name));
  return { secrets, ...(external.length > 0 && { external }) };
}

function budgetOf({ billingAccount, projectNumber, budgetEmail }: CatalogEnvironment) {
  if (billingAccount === undefined) return null;
  return {
    account: billingAccount,
    project_number: projectNumber ?? missing('the number of the project'),
    email: budgetEmail ?? null,
  };
}

/** The variables of 20-services; throws a Failure where an image or a secret's version is missing. */
export function servicesVariables(input: ServicesInput) {
  const all = Object.entries(input.services);
  const behind = Object.fromEntries(all.filter(([, { kind }]) => isBackground(kind)));
  const services = Object.fromEntries(all.filter(([, { kind }]) => !isBackground(kind)));
  return {
    environment: environmentOf(input.environment),
    deletion_protection: input.deletionProtection,
    services: mapValues(services, (service, name) => ({
      ...contentOf(name, service, input),
      min: service.min,
      max: service.max,
      concurrency: service.concurrency,
      port: service.port,
      public: service.public,
      calls: [...service.calls].sort(),
      startup_path: service.startupPath,
      liveness_path: service.livenessPath,
      ...stated(service),
    })),
    ...(Object.keys(behind).length > 0 && {
      background: mapValues(behind, (one, name) => ({
        kind: one.kind,
        ...contentOf(name, one, input),
        ...started(one),
        ...scheduled(one),
      })),
    }),
  };
}

/** What runs, and with what: the same for every kind. */
function contentOf(name: string, service: CatalogService, input: ServicesInput) {
  return {
    image: input.images[name] ?? missing(`the image of ${name}`),
    cpu: service.cpu,
    memory: service.memory,
    ...(service.calls.length > 0 && { peers: peersOf(service, input) }),
    env: {
      ...service.env,
      ...(service.candidates && candidatesOf(service, input)),
      ...(service.pool !== undefined && { [poolVariable]: String(service.pool) }),
    },
    secrets: mapValues(service.secrets, (_source, secret) => {
      const id = secretId(name, secret);
      return input.secretVersions[id] ?? missing(`the version of ${id}`);
    }),
  };
}

function isBackground(kind: CatalogService['kind']): boolean {
  return kind === 'job' || kind === 'worker';
}

function isScheduled({ kind, schedule }: CatalogService): boolean {
  return kind === 'job' && schedule !== undefined;
}

function scheduled({ schedule, timeZone, retries, taskTimeout }: CatalogService) {
  return {
    ...(schedule !== undefined && { schedule }),
    ...(timeZone !== undefined && { time_zone: timeZone }),
    ...(retries !== undefined && { retries }),
    ...(taskTimeout !== undefined && { timeout_seconds: taskTimeout }),
  };
}

function candidatesOf({ calls }: CatalogService, { candidates = {} }: ServicesInput) {
  return Object.fromEntries(
    calls.map((name) => [
      candidateVariable(name),
      ownValue(candidates, name) ?? missing(`the address of the candidate of ${name}`),
    ]),
  );
}

/** The variable by which a caller knows the address of a callee's candidate. */
export function candidateVariable(service: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_CANDIDATE_URL`;
}

/** The address of each callee. */
function peersOf({ calls }: CatalogService, { addresses }: ServicesInput) {
  return Object.fromEntries(
    [...calls]
      .sort()
      .map((name) => [name, ownValue(addresses, name) ?? missing(`the address of ${name}`)]),
  );
}

/** What windlass.yaml may be silent about: the stack's own default then counts. */
function stated({ startup, timeout, ingress, ...service }: CatalogService) {
  return {
    ...(startup !== undefined && { startup_seconds: startup }),
    ...(timeout !== undefined && { timeout_seconds: timeout }),
    ...started(service),
    ...(ingress !== undefined && { ingress: ingresses[ingress] }),
  };
}

function started({ command, args }: Pick<CatalogService, 'command' | 'args'>) {
  return {
    ...(command !== undefined && { command }),
    ...(args !== undefined && { args }),
  };
}

const ingresses = {
  all: 'INGRESS_TRAFFIC_ALL',
  internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  'internal-and-cloud-load-balancing': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
} as const;

/** A secret's full name in Secret Manager. */
export function secretId(service: string, name: string): string {
  return `${service}-${name}`;
}

function environmentOf({ name, project, region }: CatalogEnvironment) {
  return { name, project, region };
}

function mapValues<V, R>(record: Readonly<Record<string, V>>, map: (value: V, key: string) => R) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

function missing(what: string): never {
  throw new Failure({
    code: 'TERRAFORM_VARIABLE_MISSING',
    what: `Missing value for Terraform: ${what}`,
    why: 'An earlier step did not record it.',
    fix: 'This is a bug in Windlass: please report it with the run id.',
  });
}
