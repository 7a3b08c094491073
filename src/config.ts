import { z } from 'zod';
import { callIssues } from './call-order.ts';
import { overlaps } from './environments-apart.ts';

/** A service's name; `run-` and the name must fit a Google account id of 30 characters. */
const ServiceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*[a-z0-9]$/, 'lower-case letters, digits and dashes, a letter first')
  .max(26, 'at most 26 characters, for `run-NAME` must fit a Google account id of 30');

/** Where the value of a secret comes from; values themselves never stand in this file. */
export const SecretSource = z.enum(['database', 'supabase', 'supabase-public', 'generated']);
export type SecretSource = z.infer<typeof SecretSource>;

const looksSecret = /SECRET|TOKEN|PASSWORD|KEY|DSN|CREDENTIAL/i;
const secretValue = /^(sk_|sbp_|ghp_|eyJ|AIza|-----BEGIN)|:\/\/[^/\s:]+:[^@\s]+@/;

const Env = z.record(z.string(), z.string()).superRefine((env, context) => {
  for (const [key, value] of Object.entries(env)) {
    if (looksSecret.test(key) || secretValue.test(value))
      context.addIssue({
        code: 'custom',
        path: [key],
        message: 'looks like a secret: declare it under `secrets`, it is then mounted as a file',
      });
  }
});

const Service = z
  .strictObject({
    source: z.string().optional().describe('folder whose digest is the image'),
    image: z.string().optional().describe('image reference, with its digest'),
    cpu: z.number().min(1).max(8).default(1).describe('vCPU of an instance'),
    memory: z
      .string()
      .regex(/^\d+(Mi|Gi)$/, 'such as 512Mi or 1Gi')
      .default('512Mi'),
    min: z.int().min(0).max(3).default(0).describe('instances kept warm'),
    max: z.int().min(1).max(10).default(2),
    concurrency: z.int().min(1).max(1000).default(80).describe('requests at once per instance'),
    port: z.int().min(1).max(65535).default(8080),
    public: z.boolean().default(false).describe('callable by everybody'),
    calls: z.array(ServiceName).default([]).describe('services that it may call'),
    env: Env.default({}),
    secrets: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), SecretSource).default({}),
    migrations: z
      .boolean()
      .default(false)
      .describe('has a schema and Alembic revisions in `source`'),
    startupPath: z.string().default('/healthz'),
    livenessPath: z.string().default('/healthz'),
  })
  .refine((service) => service.source !== undefined || service.image !== undefined, {
    message: 'has no image: give `source` (a folder) or `image` (a reference with a digest)',
  })
  .refine((service) => service.image === undefined || /@sha256:[0-9a-f]{64}$/.test(service.image), {
    path: ['image'],
    message: 'must name a digest (…@sha256:…): a tag can change under your feet',
  })
  .refine((service) => service.min <= service.max, { path: ['min'], message: 'is above max' });
export type Service = z.infer<typeof Service>;

/** The Supabase settings that Windlass owns; it never touches another. */
export const SupabaseSettings = z.strictObject({
  jwt_exp: z.int().min(60).max(604_800).describe('seconds that a sign-in lasts'),
  mailer_autoconfirm: z.boolean().describe('false: an e-mail address must be confirmed'),
  site_url: z.url(),
  uri_allow_list: z.string().describe('where a sign-in may redirect to, separated by commas'),
  disable_signup: z.boolean().optional().describe('true: only admins make users'),
});
export type SupabaseSettings = z.infer<typeof SupabaseSettings>;

const Environment = z.strictObject({
  target: z.enum(['sandbox', 'cloud']).default('sandbox'),
  project: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'a Google project id'),
  drillProject: z
    .string()
    .optional()
    .describe('Google project that drills recover into; default: the project’s name and -drill'),
  billingAccount: z.string().optional(),
  budgetEmail: z.email().optional(),
  supabase: z.strictObject({
    organization: z.string(),
    project: z.string(),
    region: z.string().default('us-east-1'),
    tokenFile: z.string().optional().describe('file that holds the access token'),
    settings: SupabaseSettings,
    exposedSchemas: z.array(z.string()).default(['public']),
    databaseCaFile: z
      .string()
      .optional()
      .describe('file of Supabase’s certificate authority; with it the database is verified'),
    sslEnforced: z.boolean().default(true).describe('the database refuses connections without TLS'),
    networkRestrictions: z
      .array(z.union([z.cidrv4(), z.cidrv6()]))
      .min(1)
      .optional()
      .describe('address ranges that may connect to the database; absent: not owned by Windlass'),
  }),
  backup: z
    .strictObject({
      keyFile: z
        .string()
        .optional()
        .describe('file with the key that dumps are encrypted with; keep a copy elsewhere'),
      bucket: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'the name of a bucket')
        .optional()
        .describe('holds releases, ledger and backups; default: the project’s name and -releases'),
      project: z
        .string()
        .optional()
        .describe('Google project that this bucket lies in, so that it outlives the environment’s'),
    })
    .prefault({}),
  approval: z.enum(['auto', 'wait']).optional().describe('default: auto in the sandbox, else wait'),
});
export type Environment = z.infer<typeof Environment>;

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds, written as 90s, 30m, 24h or 7d; a number counts as seconds. */
const Patience = z
  .union([z.int().min(1), z.string().regex(/^[1-9]\d*[smhd]$/, 'such as 90s, 30m, 24h or 7d')])
  .transform((value) => {
    if (typeof value === 'number') return value;
    const unit = z.enum(['s', 'm', 'h', 'd']).parse(value.slice(-1));
    return Number(value.slice(0, -1)) * units[unit];
  })
  .describe('how long a plan waits for its approval: 90s, 30m, 24h, 7d');

/** The whole of windlass.yaml. */
export const Config = z
  .strictObject({
    $schema: z.string().optional(),
    name: ServiceName,
    region: z.string().default('us-central1'),
    services: z.record(ServiceName, Service),
    access: z.string().optional().describe('file that says who may do what through the REST door'),
    environments: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), Environment),
    cost: z
      .strictObject({
        approveAbove: z.number().default(75).describe('USD a month'),
        refuseAbove: z.number().default(100).describe('USD a month'),
      })
      .prefault({}),
    migrations: z
      .strictObject({
        proof: z
          .enum(['copy', 'staging'])
          .default('copy')
          .describe('copy: tried on a restored copy of the data; staging: deployed there as well'),
        provenBy: z.string().default('staging').describe('environment that proves migrations'),
      })
      .prefault({}),
    rotation: z
      .strictObject({
        keepHours: z
          .number()
          .min(0)
          .default(24)
          .describe('hours that a rotated secret’s old version stays valid, for rollbacks'),
      })
      .prefault({}),
    backups: z
      .strictObject({
        daily: z.int().min(1).default(7).describe('days that keep their newest backup'),
        weekly: z.int().min(1).default(4).describe('weeks that keep their newest backup'),
      })
      .prefault({}),
    drill: z
      .strictObject({
        warnAfterDays: z
          .number()
          .default(7)
          .describe('age of the last proven restore at which a deploy warns'),
        refuseAfterDays: z.number().default(30).describe('age at which a deploy is refused'),
      })
      .prefault({}),
    notify: z
      .strictObject({
        webhookFile: z.string().optional().describe('file that holds the webhook’s URL, a secret'),
        form: z.enum(['json', 'slack']).default('json'),
      })
      .prefault({}),
    approval: z
      .strictObject({
        patience: Patience.default(24 * 3600),
        secondPerson: z
          .boolean()
          .default(false)
          .describe('whoever started a deploy may not approve it'),
      })
      .prefault({}),
    sandbox: z
      .strictObject({
        apiPort: z.int().optional(),
        temporalPort: z.int().optional(),
        uiPort: z.int().optional(),
      })
      .prefault({}),
  })
  .superRefine((config, context) => {
    for (const { path, message } of [...callIssues(config.services), ...overlaps(config)])
      context.addIssue({ code: 'custom', path: [...path], message });
  });
export type Config = z.infer<typeof Config>;
