import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dataSources } from '../../../sandbox/provider/data-sources/index.ts';
import { providerFields } from '../../../sandbox/provider/engine/configuration.ts';
import type { Attribute, Block, Fields } from '../../../sandbox/provider/engine/schema.ts';
import { resources } from '../../../sandbox/provider/resources/index.ts';

// The schema of the real provider, as `terraform providers schema -json` prints it. It is not carried along.
const path = new URL('../../../../shared/terraform/google-7.45.0.schema.json', import.meta.url);

// The print was made before these; their tables follow the provider's source by hand.
const unprinted = new Set([
  'google_cloud_scheduler_job',
  'google_pubsub_subscription',
  'google_pubsub_topic',
  'google_pubsub_topic_iam_member',
]);

interface RealBlock {
  readonly attributes?: Readonly<Record<string, RealAttribute>> | undefined;
  readonly block_types?: Readonly<Record<string, RealNested>> | undefined;
}

const realAttribute = z.object({
  type: z.unknown(),
  required: z.boolean().default(false),
  optional: z.boolean().default(false),
  computed: z.boolean().default(false),
  sensitive: z.boolean().default(false),
});
type RealAttribute = z.infer<typeof realAttribute>;

const realBlock: z.ZodType<RealBlock> = z.lazy(() =>
  z.object({
    attributes: z.record(z.string(), realAttribute).optional(),
    block_types: z.record(z.string(), realNested).optional(),
  }),
);
const realNested = z.object({
  nesting_mode: z.string(),
  min_items: z.number().default(0),
  max_items: z.number().default(0),
  block: realBlock,
});
type RealNested = z.infer<typeof realNested>;

const schema = z.object({ version: z.number().default(0), block: realBlock });
const file = z.object({
  provider: schema,
  resource_schemas: z.record(z.string(), schema),
  data_source_schemas: z.record(z.string(), schema),
});

describe.skipIf(!existsSync(path))(`the schema of the real provider (${path.pathname})`, () => {
  const real = existsSync(path) ? file.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;

  test.each(resources.filter(({ type }) => !unprinted.has(type)))(
    'has what $type declares',
    ({ type, fields, version }) => {
      const theirs = real?.resource_schemas[type];
      expect(version ?? 0).toBe(theirs?.version);
      expect(declared(fields)).toEqual(among(fields, theirs?.block));
    },
  );

  test.each(dataSources)('has what data source $type declares', ({ type, fields }) => {
    expect(declared(fields)).toEqual(among(fields, real?.data_source_schemas[type]?.block));
  });

  test('has what the provider block declares', () => {
    expect(declared(providerFields)).toEqual(among(providerFields, real?.provider.block));
  });
});

/** Our declarations in the words of Terraform's own print. */
function declared(fields: Fields): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.kind === 'attribute' ? declaredAttribute(field) : declaredBlock(field),
    ]),
  );
}

const declaredAttribute = (field: Attribute) => ({
  type: field.type,
  required: field.mode === 'required',
  optional: field.mode.startsWith('optional'),
  computed: field.mode.endsWith('computed'),
  sensitive: field.sensitive ?? false,
});

const declaredBlock = (field: Block) => ({
  nesting_mode: field.nesting,
  min_items: field.min ?? 0,
  max_items: field.max ?? 0,
  block: declared(field.fields),
});

/** Of the real declarations those that we have too. */
function among(fields: Fields, theirs: RealBlock | undefined): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      if (field.kind === 'attribute') return [name, theirs?.attributes?.[name]];
      const nested = theirs?.block_types?.[name];
      return [name, nested && { ...nested, block: among(field.fields, nested.block) }];
    }),
  );
}
