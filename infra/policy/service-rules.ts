import type { PlanJson } from '../../src/terraform/plan-json.ts';
import { kept } from './rule.ts';
import type { Rule } from './rule.ts';
import { PlannedJob, PlannedService, containersOf, secretVersionsOf } from './service-shape.ts';

/** Rules about what a Cloud Run v2 service looks like. */
export const serviceRules: readonly Rule[] = [
  {
    id: 'readable-services',
    what: 'Every service can be read before it is applied',
    why: 'What is not known until the apply cannot be judged.',
    fix: 'Give image, account and volumes as values, not as results of other resources.',
    check: (plan) => all(plan).flatMap(({ address, service }) => (service ? [] : [address])),
  },
  {
    id: 'digest-only',
    what: 'Images are named by digest',
    why: 'A tag can be moved, and a rollback would run different code.',
    fix: 'Deploy REGISTRY/PATH@sha256:DIGEST.',
    check: never((service) =>
      containersOf(service).every(({ image }) => /@sha256:[0-9a-f]{64}$/.test(image ?? '')),
    ),
  },
  {
    id: 'pinned-secrets',
    what: 'Secrets are pinned to a version number',
    why: '`latest` changes without a revision, and a rollback cannot go back to the old value.',
    fix: 'Mount the number that the deploy recorded.',
    check: never((service) =>
      secretVersionsOf(service).every((version) => /^[1-9]\d*$/.test(version ?? '')),
    ),
  },
  {
    id: 'own-account',
    what: 'No service runs as the default account',
    why: 'The default account is the project’s editor as a rule.',
    fix: 'Set `service_account` to the service’s own.',
    check: never((service) =>
      service.template.every(({ service_account: account }) => isOwnAccount(account ?? '')),
    ),
  },
  {
    id: 'cpu-idle',
    what: 'The CPU sleeps between requests',
    why: 'Left out of a `resources` block it costs five times as much.',
    fix: 'Write `cpu_idle = true`.',
    check: unless((service) =>
      containersOf(service).every(({ resources }) => resources.every((one) => one.cpu_idle)),
    ),
  },
  {
    id: 'no-plain-secrets',
    what: 'No environment variable looks like a secret',
    why: 'Anyone who may view the service can read its environment variables.',
    fix: 'Declare it under `secrets`: it is mounted as a file.',
    check: never((service) =>
      containersOf(service).every(({ env }) => env.every(({ name }) => !looksSecret(name))),
    ),
  },
  {
    id: 'protected-in-production',
    what: 'In production a service is protected against deletion',
    why: 'A typo in windlass.yaml must not delete the live service.',
    fix: 'Set `deletion_protection = true`.',
    check: (plan, context) =>
      context.production ? unless((service) => service.deletion_protection === true)(plan) : [],
  },
];

function unless(holds: (service: PlannedService) => boolean) {
  return (plan: PlanJson): readonly string[] =>
    services(plan).flatMap(({ address, service }) => (service && !holds(service) ? [address] : []));
}

/** The same for jobs and worker pools, which hold the same containers. */
function never(holds: (service: PlannedService) => boolean) {
  return (plan: PlanJson): readonly string[] =>
    all(plan).flatMap(({ address, service }) => (service && !holds(service) ? [address] : []));
}

function services(plan: PlanJson) {
  return planned(plan, /^google_cloud_run_v2_service$/);
}

function all(plan: PlanJson) {
  return planned(plan, /^google_cloud_run_v2_(service|job|worker_pool)$/);
}

function planned(plan: PlanJson, types: RegExp) {
  return kept(plan, types).map(({ address, type, after }) => ({
    address,
    service: (type === 'google_cloud_run_v2_job' ? PlannedJob : PlannedService).safeParse(after)
      .data,
  }));
}

function isOwnAccount(account: string): boolean {
  return account.includes('@') && !account.endsWith('-compute@developer.gserviceaccount.com');
}

// The address of a service with such a word in its name (MONKEY_URL) is no secret.
function looksSecret(name: string): boolean {
  return /SECRET|TOKEN|PASSWORD|KEY|DSN|CREDENTIAL/i.test(name) && !name.endsWith('_URL');
}
