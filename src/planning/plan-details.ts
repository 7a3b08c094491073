import { z } from 'zod';
import { WrittenTree } from '../releases/tree-facts.ts';
import { UndoPlan } from './undo/undo-plan.ts';

const Stored = z.object({ object: z.string(), sha256: z.string() });
const Usd = z.number().describe('USD a month');
const CostLine = z.object({ address: z.string(), text: z.string() });

const Stack = z.object({
  plan: Stored.extend({
    stack: z.string(),
    add: z.int(),
    change: z.int(),
    destroy: z.int(),
    empty: z.boolean().describe('true = there is nothing to apply'),
  }).describe('the saved terraform plan: exactly these bytes are applied'),
  summary: z.looseObject({
    resources: z.array(
      z.object({ address: z.string(), type: z.string(), actions: z.array(z.string()) }),
    ),
  }),
  cost: z.object({
    fixed: Usd,
    delta: Usd,
    lines: z.array(CostLine.extend({ usd: Usd })),
    usage: z.array(CostLine),
    unknown: z.array(CostLine),
  }),
});

const Migration = z.looseObject({
  service: z.string(),
  from: z.string().nullable().describe('revision now; null = nothing applied yet'),
  to: z.string(),
  revisions: z.array(z.looseObject({ revision: z.string(), kind: z.string().nullable() })),
  sql: z.string(),
});

const Count = z.object({ instances: z.int(), pool: z.int() });

const Connections = z.object({
  services: z.array(
    z.object({
      service: z.string(),
      now: Count.nullable().describe('its new revision; null = it leaves'),
      beside: Count.describe('the revision that runs beside it during a deploy'),
      sum: z.int().describe('instances × pool of both'),
    }),
  ),
  steady: z.int().describe('all services, once the revisions before are gone'),
  sum: z.int().describe('all services, during a deploy'),
  limit: z.object({
    max: z.int().describe('max_connections'),
    reserved: z.int().describe('kept back by Postgres for superusers and reserved roles'),
    platform: z.int().describe('kept for Supabase’s own services and Windlass'),
    usable: z.int().describe('left for the services'),
    assumed: z.boolean().describe('true = there is no project to ask yet'),
  }),
  over: z.boolean().describe('true = sum is above limit.usable: the plan warns'),
  alone: z.array(z.string()).describe('services of which one revision is above it: refused'),
});

/** The plan in full, as it lies in the release bucket; its SHA-256 is the plan's digest. */
export const PlanDetails = z.looseObject({
  release: Stored.extend({ id: z.string() }),
  states: z.array(z.object({ stack: z.string(), generation: z.string().nullable() })),
  stacks: z.array(Stack),
  migrations: z.array(Migration),
  settings: z.array(z.string()).describe('Supabase settings that change, a line each'),
  promote: z.array(z.string()).describe('services whose traffic moves'),
  bind: z
    .array(
      z.object({
        service: z.string(),
        revision: z.string().describe('short name of the revision that LATEST means'),
        percent: z.number().describe('share that follows LATEST; 0 = only a tag does'),
      }),
    )
    .default([])
    .describe('traffic that follows LATEST, and the revision that it is bound to before any apply'),
  secretVersions: z
    .record(z.string(), z.string())
    .describe('version that each secret is pinned to'),
  missingSecrets: z.array(z.string()).describe('secrets that get a first version'),
  opening: z
    .object({ services: z.array(z.string()), addresses: z.array(z.string()) })
    .nullable()
    .default(null)
    .describe('what everybody may call once its candidate is tested'),
  removal: z
    .object({
      services: z.array(z.string()),
      secrets: z.array(z.string()),
      addresses: z.record(z.string(), z.array(z.string())),
      from: z.string().optional().describe('the region that the services leave for another'),
    })
    .nullable()
    .describe('what is deleted once the traffic has moved'),
  connections: Connections.nullable()
    .default(null)
    .describe('what the services may open at most, and what the database admits'),
  database: z
    .object({
      way: z.enum(['direct', 'pooler']).describe('its own host, or the shared pooler'),
      lines: z.array(z.string()).describe('which way and why, in words'),
      usd: Usd.describe('USD a month of the IPv4 add-on; 0 = it has none'),
    })
    .nullable()
    .default(null)
    .describe('how the database is reached'),
  undo: UndoPlan,
});
export type PlanDetails = z.infer<typeof PlanDetails>;

/** What `windlass plan --json` prints. */
export const PlanAnswer = z.looseObject({
  environment: z.string(),
  outcome: z.string(),
  digest: z.string().describe('what an approval names'),
  unchanged: z.boolean().describe('true = a deploy would do nothing'),
  tree: WrittenTree.optional().describe('what the release was made from'),
  details: PlanDetails,
});
export type PlanAnswer = z.infer<typeof PlanAnswer>;
