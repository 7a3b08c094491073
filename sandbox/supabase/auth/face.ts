import type { Context } from 'hono';
import type pg from 'pg';
import { z } from 'zod';
import type { Claims } from '../jwt.ts';
import type { ProjectRecord } from '../record.ts';
import { verifyToken } from '../signing.ts';
import { AuthError } from './auth-error.ts';

/** What a request to the Auth face works with. */
export interface Face {
  readonly record: ProjectRecord;
  readonly settings: AuthSettings;
  readonly pool: pg.Pool;
  readonly now: Date;
  /** The project's door, without a path. */
  readonly url: string;
  /** Absent in projects that were made before the sandbox sent mails. */
  readonly mail?: Mailing;
}

/** How a project's mails leave: to whom without SMTP, by which port, when the last ones did. */
export interface Mailing {
  readonly members: readonly string[];
  readonly port: () => number;
  readonly sent: number[];
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const whole = (fallback: number) =>
  z
    .number()
    .nullish()
    .transform((value) => value ?? fallback);

/** Hono's environment of the Auth face. */
export interface Env {
  Variables: { face: Face };
}
export type Call = Context<Env>;

/** The settings of `config/auth` that this face honours. */
export const AuthSettings = z.object({
  disable_signup: z.boolean().nullable(),
  external_email_enabled: z.boolean().nullable(),
  jwt_exp: z
    .number()
    .nullable()
    .transform((seconds) => seconds || 3600),
  mailer_autoconfirm: z.boolean().nullable(),
  mailer_allow_unverified_email_sign_ins: z.boolean().nullable(),
  mailer_otp_exp: z.number(),
  mailer_otp_length: z
    .number()
    .nullable()
    .transform((length) => length ?? 6),
  password_min_length: z
    .number()
    .nullable()
    .transform((length) => length ?? 6),
  password_required_characters: z.string().nullable(),
  rate_limit_email_sent: whole(2),
  refresh_token_rotation_enabled: z.boolean().nullable(),
  security_refresh_token_reuse_interval: z.number().nullable(),
  site_url: z
    .string()
    .nullable()
    .transform((url) => url ?? 'http://localhost:3000'),
  smtp_admin_email: text,
  smtp_host: text,
  smtp_max_frequency: whole(60),
  smtp_pass: text,
  smtp_port: text,
  smtp_sender_name: text,
  smtp_user: text,
  uri_allow_list: z
    .string()
    .nullable()
    .transform((list) => list ?? ''),
});
export type AuthSettings = z.infer<typeof AuthSettings>;

/** The body, checked; what does not fit is a 400 `validation_failed`. */
export async function bodyOf<T>(call: Call, schema: z.ZodType<T>): Promise<T> {
  const text = await call.req.text();
  const body = schema.safeParse(parse(text === '' ? '{}' : text));
  if (body.success) return body.data;
  const [issue] = body.error.issues;
  const message = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`;
  throw new AuthError(400, 'validation_failed', message);
}

/** The claims of the caller's bearer token; 401 without one, 403 for one that is not valid. */
export function claimsOf(call: Call): Claims {
  const { record, now } = call.get('face');
  const token = /^Bearer (.+)$/.exec(call.req.header('authorization') ?? '')?.[1];
  if (token === undefined)
    throw new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
  const claims = verifyToken(record, token, now);
  if (claims === undefined)
    throw new AuthError(403, 'bad_jwt', 'invalid JWT: unable to parse or verify signature');
  return claims;
}

/** Lets only the service role pass. */
export function requireAdmin(call: Call): void {
  if (claimsOf(call).role !== 'service_role')
    throw new AuthError(403, 'not_admin', 'User not allowed');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AuthError(400, 'bad_json', 'Could not parse request body as JSON');
  }
}
