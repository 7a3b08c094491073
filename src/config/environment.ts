import { z } from 'zod';
import { OwnServices } from './own-services.ts';
import { People } from './people.ts';

/** The Supabase settings that Windlass owns; it never touches another. */
export const SupabaseSettings = z.strictObject({
  jwt_exp: z.int().min(60).max(604_800).describe('seconds that a sign-in lasts'),
  mailer_autoconfirm: z.boolean().describe('false: an e-mail address must be confirmed'),
  site_url: z.url(),
  uri_allow_list: z.string().describe('where a sign-in may redirect to, separated by commas'),
  disable_signup: z.boolean().optional().describe('true: only admins make users'),
  smtp_host: z
    .hostname()
    .optional()
    .describe('mail server; absent: Supabase’s own, 2 mails an hour'),
  smtp_port: z.int().min(1).max(65_535).optional(),
  smtp_user: z.string().min(1).optional().describe('its password: `smtpPasswordFile`'),
  smtp_admin_email: z.email().optional().describe('whom mails are from'),
  smtp_sender_name: z.string().min(1).optional(),
  rate_limit_email_sent: z.int().min(1).optional().describe('mails an hour; needs a mail server'),
});
export type SupabaseSettings = z.infer<typeof SupabaseSettings>;

/** The id of a Google project: 6 to 30 characters. */
export const googleProjectId = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const GoogleProject = z.string().regex(googleProjectId, 'a Google project id');

/** What windlass.yaml says of one environment. */
export const Environment = z.strictObject({
  target: z.enum(['sandbox', 'cloud']).default('sandbox'),
  project: GoogleProject,
  drillProject: GoogleProject.optional().describe(
    'Google project that drills recover into and take away again, for nothing else; default: the project’s name and -drill',
  ),
  services: OwnServices.optional().describe('overrides of `services` above'),
  billingAccount: z.string().optional(),
  budgetEmail: z.email().optional(),
  smokeAddress: z
    .email()
    .optional()
    .describe('mailbox of smoke tests’ people, as smoke+NAME@…; default: one of site_url’s domain'),
  supabase: z.strictObject({
    organization: z.string(),
    project: z.string().min(1),
    region: z.string().default('us-east-1'),
    connection: z
      .enum(['auto', 'direct', 'pooler'])
      .optional()
      .describe(
        'how the database is reached: its own host, or the shared pooler in session mode; default: auto, its own host where that has the IPv4 add-on',
      ),
    tokenFile: z.string().optional().describe('file that holds the access token'),
    settings: SupabaseSettings,
    smtpPasswordFile: z.string().optional().describe('file that holds the password of `smtp_user`'),
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
  people: People.optional().describe(
    'who may start, approve, stop and decide, by keys; absent: anyone with access to Temporal',
  ),
  approval: z.enum(['auto', 'wait']).optional().describe('default: auto in the sandbox, else wait'),
});
export type Environment = z.infer<typeof Environment>;
