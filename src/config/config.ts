import { z } from 'zod';
import { callIssues } from './call-issues.ts';
import { drillOverlaps } from './drills-apart.ts';
import { Environment } from './environment.ts';
import { overlaps } from './environments-apart.ts';
import type { Issue } from './issue.ts';
import { Patience } from './patience.ts';
import { Service, ServiceName } from './service.ts';
import { SmokeCheck } from './smoke.ts';
import { Walls } from './walls.ts';

/** The whole of windlass.yaml. */
export const Config = z
  .strictObject({
    $schema: z.string().optional(),
    name: ServiceName,
    region: z.string().default('us-central1'),
    services: z.record(ServiceName, Service),
    access: z
      .string()
      .optional()
      .describe('file that declares who may do what through the REST API'),
    smoke: z
      .array(SmokeCheck)
      .optional()
      .describe('tests of the new revisions before traffic moves (docs/smoke.md)'),
    environments: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), Environment),
    cost: z
      .strictObject({
        approveAbove: z.number().min(0).default(75).describe('USD a month'),
        refuseAbove: z.number().min(0).default(100).describe('USD a month'),
      })
      .prefault({}),
    migrations: z
      .strictObject({
        proof: z
          .enum(['copy', 'staging'])
          .default('copy')
          .describe('copy: tried on a restored copy of the data; staging: deployed there as well'),
        provenBy: z.string().default('staging').describe('environment that proves migrations'),
        lockTimeout: Patience.default(3).describe(
          'how long a migration’s statement waits for a lock, and others behind it: 3s',
        ),
        patience: Patience.default(300).describe(
          'how long a revision is retried while locks block it: 5m',
        ),
        statementTimeout: Patience.optional().describe(
          'how long one statement of a migration may take: 20m; absent = as long as it needs',
        ),
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
        daily: z.int().min(1).default(7).describe('number of days whose newest backup is kept'),
        weekly: z.int().min(1).default(4).describe('number of weeks whose newest backup is kept'),
      })
      .prefault({}),
    drill: z
      .strictObject({
        warnAfterDays: z
          .number()
          .min(0)
          .default(7)
          .describe('age of the last proven restore at which a deploy warns'),
        refuseAfterDays: z.number().min(0).default(30).describe('age at which a deploy is refused'),
      })
      .prefault({}),
    images: z
      .strictObject({
        signedBy: z
          .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
          .optional()
          .describe(
            'file of a public key, or several: every `image` must be signed by one of them, as `cosign sign --key` does',
          ),
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
          .describe('the person who started a deploy may not approve it'),
      })
      .prefault({}),
    sandbox: z
      .strictObject({
        apiPort: z.int().min(1).max(65535).optional(),
        temporalPort: z.int().min(1).max(65535).optional(),
        uiPort: z.int().min(1).max(65535).optional(),
        walls: Walls.prefault({}).describe(
          'what the clouds refuse and the sandbox shall not: off, by name (docs/sandbox.md)',
        ),
      })
      .prefault({}),
  })
  .superRefine((config, context) => {
    const apart = [...overlaps(config), ...drillOverlaps(config.environments)];
    const issues: readonly Issue[] = [...callIssues(config.services), ...apart];
    for (const { path, message, fix } of issues)
      context.addIssue({ code: 'custom', path: [...path], message, params: { fix } });
  });
export type Config = z.infer<typeof Config>;
