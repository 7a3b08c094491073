import { z } from 'zod';
import { answer } from './answer.ts';
import { Patience } from './patience.ts';
import { ServiceName } from './service.ts';

/** One check of the smoke test: a request at a service's candidate, or a command of any language. */
export const SmokeCheck = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9 -]{0,62}$/, 'lower-case letters, digits, spaces and dashes')
    .describe('what a report calls the check'),
  service: ServiceName.optional().describe(
    'service whose candidate is called; with `command`: the service named in the report',
  ),
  path: z.string().optional().describe('path to request, as a caller of the service'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).optional(),
  headers: z.record(z.string(), z.string()).optional().describe('not secret: anyone can read them'),
  body: z.unknown().optional().describe('sent as JSON'),
  expect: z.strictObject(answer).optional().describe('expected answer; default: 200'),
  command: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('program and arguments, run by the worker; 0 = passed (docs/smoke.md)'),
  in: z
    .string()
    .optional()
    .describe('folder whose files the command gets; they are part of the release'),
  timeout: Patience.default(120).describe('how long the check may take: 90s, 5m'),
});
export type SmokeCheck = z.infer<typeof SmokeCheck>;

/** A request at a service's candidate. */
export type HttpCheck = SmokeCheck & { readonly service: string; readonly path: string };

/** A command that tries what it wants. */
export type CommandCheck = SmokeCheck & { readonly command: readonly string[] };

export function isHttp(check: SmokeCheck): check is HttpCheck {
  return check.path !== undefined && check.service !== undefined;
}

export function isCommand(check: SmokeCheck): check is CommandCheck {
  return check.command !== undefined;
}
