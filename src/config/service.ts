import { z } from 'zod';
import { Build } from './build.ts';
import { Kind } from './kind.ts';
import { Migrations } from './migrations.ts';
import { looksSecret } from './looks-secret.ts';
import { Ready } from './ready.ts';
import { runLimits } from './run-limits.ts';

/** A service's name; `run-` and the name must fit a Google account id of 30 characters. */
export const ServiceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*[a-z0-9]$/, 'lower-case letters, digits and dashes, a letter first')
  .max(26, 'at most 26 characters, for `run-NAME` must fit a Google account id of 30');

/**
 * Where the value of a secret comes from; `external` = a person gives it. Values themselves never
 * stand in this file.
 */
export const SecretSource = z.enum([
  'database',
  'supabase',
  'supabase-public',
  'generated',
  'external',
]);
export type SecretSource = z.infer<typeof SecretSource>;

/** The variable by which a service learns its `pool`. */
export const poolVariable = 'DATABASE_POOL';

const Env = z.record(z.string(), z.string()).superRefine((env, context) => {
  for (const [key, value] of Object.entries(env)) {
    if (looksSecret(key, value))
      context.addIssue({
        code: 'custom',
        path: [key],
        message: 'looks like a secret, and anyone who may view the service can read it',
        params: { fix: 'Declare it under `secrets`: it is then mounted as a file.' },
      });
  }
});

/** Networks from which a service can be reached, in the words of `gcloud run deploy --ingress`. */
export const Ingress = z.enum(['all', 'internal', 'internal-and-cloud-load-balancing']);
export type Ingress = z.infer<typeof Ingress>;

/** What windlass.yaml says of one service. */
export const Service = z
  .strictObject({
    kind: Kind.default('service').describe(
      'service: answers requests; job: runs and ends; worker: runs all the time, without a port',
    ),
    source: z
      .string()
      .optional()
      .describe('folder of the service: its image where `image` names none, and its migrations'),
    build: Build.optional().describe('how its image is built; default: the Dockerfile in `source`'),
    image: z
      .string()
      .optional()
      .describe('image reference with a tag or a digest; it is what runs, also beside `source`'),
    cpu: z
      .number()
      .min(0.08)
      .max(8)
      .default(1)
      .describe('vCPU of an instance: 1, 2, 4, 6, 8, or from 0.08 to 1'),
    memory: z
      .string()
      .regex(/^\d+(Mi|Gi)$/, 'such as 512Mi or 1Gi')
      .default('512Mi'),
    min: z.int().min(0).max(runLimits.instances).default(0).describe('instances kept warm'),
    max: z.int().min(1).max(runLimits.instances).default(2).describe('instances at most'),
    concurrency: z
      .int()
      .min(1)
      .max(runLimits.concurrency)
      .default(80)
      .describe('requests at once per instance'),
    port: z.int().min(1).max(65535).default(8080),
    public: z.boolean().default(false).describe('callable by anyone'),
    calls: z.array(ServiceName).default([]).describe('services that it may call'),
    candidates: z
      .boolean()
      .optional()
      .describe(
        'gets NAME_CANDIDATE_URL beside NAME_URL for what it `calls`, so that the smoke test reaches the new release as a whole (docs/smoke.md)',
      ),
    env: Env.default({}),
    secrets: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), SecretSource).default({}),
    pool: z
      .int()
      .min(1)
      .max(500)
      .optional()
      .describe(
        'database connections that an instance opens at most: counted by the plan, and given to the service as DATABASE_POOL; absent = counted as 4',
      ),
    migrations: Migrations.default(false).describe(
      'has a schema of its own; true = Alembic revisions in `source`',
    ),
    startupPath: z.string().default('/healthz'),
    livenessPath: z.string().default('/healthz'),
    startup: z
      .int()
      .min(1)
      .max(runLimits.startupSeconds)
      .optional()
      .describe('seconds after which a start counts as failed; absent = 60'),
    timeout: z
      .int()
      .min(1)
      .max(runLimits.timeoutSeconds)
      .optional()
      .describe('seconds after which a request times out; absent = 60'),
    command: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('replaces the image’s ENTRYPOINT; its CMD is then ignored'),
    args: z.array(z.string()).min(1).optional().describe('replaces the image’s CMD'),
    ingress: Ingress.optional().describe(
      'where the service accepts requests from; `public` and `calls` decide who may call it; absent = all',
    ),
    schedule: z
      .string()
      .optional()
      .describe('of a job: when it runs, as unix-cron; absent = whenever you start it'),
    timeZone: z
      .string()
      .optional()
      .describe('of `schedule`, such as Europe/Berlin; absent = Etc/UTC'),
    retries: z
      .int()
      .min(0)
      .max(runLimits.retries)
      .optional()
      .describe('of a job: how often a failed run is tried again; absent = 3'),
    taskTimeout: z
      .int()
      .min(1)
      .max(runLimits.taskSeconds)
      .optional()
      .describe('of a job: seconds after which a run is given up; absent = 600'),
    instances: z
      .int()
      .min(1)
      .max(runLimits.workers)
      .optional()
      .describe('of a worker: how many run; absent = 1'),
    ready: Ready.optional().describe(
      'request that a new revision must pass before it gets traffic, in addition to its start-up probe',
    ),
  })
  .refine(
    ({ source, image, build }) => [source, image, build?.context].some((one) => one !== undefined),
    {
      message: 'has no image',
      params: { fix: 'Give `source` (a folder), `build.context` or `image` (a reference).' },
    },
  )
  .refine((service) => service.min <= service.max, {
    path: ['min'],
    message: 'is above `max`',
    params: { fix: 'Raise `max`, or lower `min`.' },
  });
export type Service = z.infer<typeof Service>;
