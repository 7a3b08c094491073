import { z } from 'zod';
import { Failure } from '../failure.ts';

const Values = z.record(z.string(), z.unknown());

const Change = z.object({
  actions: z.array(z.enum(['no-op', 'create', 'read', 'update', 'delete', 'forget'])),
  before: Values.nullable().default(null),
  after: Values.nullable().default(null),
  after_unknown: z.union([Values, z.boolean()]).default({}),
  before_sensitive: z.union([Values, z.boolean()]).default({}),
  after_sensitive: z.union([Values, z.boolean()]).default({}),
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).default([]),
  importing: z.object({ id: z.string().optional() }).optional(),
});

const ResourceChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.string().default('managed'),
  type: z.string(),
  name: z.string().default(''),
  action_reason: z.string().optional(),
  change: Change,
});
export type ResourceChange = z.infer<typeof ResourceChange>;

/** The part of a plan's JSON (format 1.x) that we read. */
export const PlanJson = z.object({
  format_version: z.string().regex(/^1\./, 'only format 1.x is known'),
  complete: z.boolean().default(true),
  errored: z.boolean().default(false),
  resource_changes: z.array(ResourceChange).default([]),
  resource_drift: z.array(ResourceChange).default([]),
});
export type PlanJson = z.infer<typeof PlanJson>;

/** A plan from the text of `show -json`; throws a Failure for a format that we do not know. */
export function parsePlanJson(text: string): PlanJson {
  const parsed = PlanJson.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new Failure({
    code: 'TERRAFORM_PLAN_UNREADABLE',
    what: 'The plan cannot be read',
    why: z.prettifyError(parsed.error),
    fix: 'Use a Terraform whose plan format is 1.x.',
  });
}

/** What a plan does to managed resources; what it leaves or only reads is left out. */
export function actingOf({ resource_changes }: PlanJson): readonly ResourceChange[] {
  return resource_changes.filter(
    ({ mode, change }) =>
      mode === 'managed' && change.actions.some((one) => one !== 'no-op' && one !== 'read'),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
