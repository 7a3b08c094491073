import { z } from 'zod';

/** Project states of the Management API that the stand-in goes through. */
export const ProjectStatus = z.enum([
  'COMING_UP',
  'ACTIVE_HEALTHY',
  'INIT_FAILED',
  'PAUSING',
  'INACTIVE',
  'RESTORING',
  'RESTARTING',
  'GOING_DOWN',
]);
export type ProjectStatus = z.infer<typeof ProjectStatus>;

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Settings of one section as the API shows them. */
export const Settings = z.record(z.string(), Scalar);
export type Settings = z.infer<typeof Settings>;

const Network = z.object({
  dbAllowedCidrs: z.string().array(),
  dbAllowedCidrsV6: z.string().array(),
});

/** A key of the newer kind; the two legacy keys follow from the JWT secret. */
export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(['publishable', 'secret']),
  apiKey: z.string(),
  description: z.string().nullable(),
  insertedAt: z.string(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** Everything that outlives the process about one project; its rows live in its own Postgres. */
export const ProjectRecord = z.object({
  ref: z.string(),
  number: z.int(),
  name: z.string(),
  organization: z.string(),
  region: z.string(),
  createdAt: z.string(),
  status: ProjectStatus,
  passwords: z.record(z.string(), z.string()),
  jwtSecret: z.string(),
  ports: z
    .object({
      database: z.int(),
      rest: z.int(),
      restAdmin: z.int(),
      door: z.int(),
      direct: z.int(),
    })
    .partial(),
  auth: Settings,
  postgrest: z.object({
    db_schema: z.string(),
    max_rows: z.int(),
    db_extra_search_path: z.string(),
    db_pool: z.int().nullable(),
  }),
  postgres: Settings,
  ssl: z.boolean(),
  network: Network.extend({ appliedAt: z.string().optional() }),
  secrets: z.record(z.string(), z.object({ digest: z.string(), updatedAt: z.string() })),
  apiKeys: ApiKey.array(),
  poolSize: z.int().nullable(),
  /** Its Auth sends mails, by the rules of hosted Auth; absent in projects of an older sandbox. */
  sendsMail: z.boolean().optional(),
  /** The two legacy keys open nothing; absent: they do. */
  legacyKeys: z.boolean().optional(),
  /** By what users' tokens are signed (ES256); absent in older projects: by the shared secret. */
  signingKey: z
    .object({ id: z.string(), createdAt: z.string(), x: z.string(), y: z.string(), d: z.string() })
    .optional(),
  /** The variants of add-ons that it has bought, such as `ipv4_default`. */
  addons: z.string().array().optional(),
  /** Its Postgres is reached by doors alone; absent in older projects: at its own port. */
  apart: z.boolean().optional(),
  /** What the sandbox was told of the free room on its disk, in bytes. */
  diskFree: z.int().optional(),
});
export type ProjectRecord = z.infer<typeof ProjectRecord>;

/** An organization; its own token, where it has one, opens its projects only. */
export const Organization = z.object({
  slug: z.string(),
  name: z.string(),
  token: z.string(),
  /** Addresses of its people; absent: its owner's alone. */
  members: z.email().array().optional(),
});
export type Organization = z.infer<typeof Organization>;
