import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openStandIn, type ReadyProject, readyProject, type StandIn } from './stand-in.ts';

// Supabase's own description of its API, which the project does not carry.
const file = join(import.meta.dirname, '../../../../shared/supabase-management-api.json');
const present = existsSync(file);
if (!present) process.stderr.write(`shapes.test.ts: skipped, there is no ${file}\n`);

const Described = z.object({
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});
const Operation = z.object({
  responses: z.record(
    z.string(),
    z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })).optional() }),
  ),
});
const Schema = z.looseObject({
  $ref: z.string().optional(),
  type: z.string().optional(),
  nullable: z.boolean().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.string().array().optional(),
  items: z.unknown().optional(),
  enum: z.unknown().array().optional(),
  pattern: z.string().optional(),
});

describe.skipIf(!present)("the answers against Supabase's own description", () => {
  let standIn: StandIn;
  let project: ReadyProject;
  beforeAll(async () => {
    standIn = await openStandIn();
    project = await readyProject(standIn.api);
  });
  afterAll(() => standIn[Symbol.asyncDispose]());

  const key = { name: 'own_key', type: 'secret' };
  const cidrs = { dbAllowedCidrs: ['10.0.0.0/8'], dbAllowedCidrsV6: [] };
  const ssl = { requestedConfig: { database: true } };
  const calls: [method: string, path: string, body?: unknown][] = [
    ['get', '/v1/organizations'],
    ['post', '/v1/organizations', { name: 'Another One' }],
    ['get', '/v1/projects'],
    ['get', '/v1/projects/available-regions'],
    ['get', '/v1/projects/{ref}'],
    ['patch', '/v1/projects/{ref}', { name: 'renamed' }],
    ['get', '/v1/projects/{ref}/api-keys'],
    ['post', '/v1/projects/{ref}/api-keys', key],
    ['get', '/v1/projects/{ref}/config/auth'],
    ['patch', '/v1/projects/{ref}/config/auth', { jwt_exp: 86_400 }],
    ['get', '/v1/projects/{ref}/config/database/pgbouncer'],
    ['get', '/v1/projects/{ref}/config/database/pooler'],
    ['patch', '/v1/projects/{ref}/config/database/pooler', { default_pool_size: 10 }],
    ['get', '/v1/projects/{ref}/config/database/postgres'],
    ['put', '/v1/projects/{ref}/config/database/postgres', { work_mem: '5MB' }],
    ['get', '/v1/projects/{ref}/database/backups'],
    ['get', '/v1/projects/{ref}/database/migrations'],
    ['patch', '/v1/projects/{ref}/database/password', { password: 'another' }],
    ['post', '/v1/projects/{ref}/database/query', { query: 'select 1' }],
    ['get', '/v1/projects/{ref}/health?services=db,auth,rest'],
    ['get', '/v1/projects/{ref}/network-restrictions'],
    ['post', '/v1/projects/{ref}/network-restrictions/apply', cidrs],
    ['patch', '/v1/projects/{ref}/network-restrictions', { add: cidrs }],
    ['get', '/v1/projects/{ref}/postgrest'],
    ['patch', '/v1/projects/{ref}/postgrest', { max_rows: 500 }],
    ['get', '/v1/projects/{ref}/restore'],
    ['post', '/v1/projects/{ref}/secrets', [{ name: 'A', value: 'b' }]],
    ['get', '/v1/projects/{ref}/secrets'],
    ['delete', '/v1/projects/{ref}/secrets', ['A']],
    ['get', '/v1/projects/{ref}/ssl-enforcement'],
    ['put', '/v1/projects/{ref}/ssl-enforcement', ssl],
    ['delete', '/v1/projects/{ref}'],
  ];
  it.each(calls)('%s %s fits', async (method, path, body) => {
    const asked = path.replace('{ref}', project.ref);
    const answer = await standIn.api(method.toUpperCase(), asked, body);
    expect(answer.status).toBeLessThan(300);
    const api = Described.parse(JSON.parse(readFileSync(file, 'utf8')));
    const operation = Operation.parse(api.paths[path.replace(/\?.*/, '')]?.[method]);
    const response = operation.responses[`${answer.status}`];
    expect(response, `status ${answer.status} is described`).toBeDefined();
    const schema = Object.values(response?.content ?? {})[0]?.schema;
    expect(schema === undefined ? [] : misfits(answer.body, schema, api)).toEqual([]);
  });
});

type Api = z.infer<typeof Described>;

/** Where a value differs from an OpenAPI 3.0 schema; empty where it fits. */
function misfits(value: unknown, raw: unknown, api: Api, at = '$'): string[] {
  const schema = Schema.parse(raw);
  if (schema.$ref !== undefined)
    return misfits(value, api.components.schemas[schema.$ref.split('/').at(-1) ?? ''], api, at);
  if (value === null && schema.nullable === true) return [];
  if (schema.type !== undefined && !isOf(schema.type, value)) return [`${at} is no ${schema.type}`];
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${at}: ${String(value)}`];
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(String(value)))
    return [`${at} does not match ${schema.pattern}`];
  if (Array.isArray(value))
    return value.flatMap((item, index) =>
      misfits(item, schema.items ?? {}, api, `${at}[${index}]`),
    );
  if (typeof value !== 'object' || value === null || schema.properties === undefined) return [];
  const fields = new Map<string, unknown>(Object.entries(value));
  const { properties, required = [] } = schema;
  return [
    ...required.filter((name) => !fields.has(name)).map((name) => `${at}.${name} is missing`),
    ...[...fields].flatMap(([name, field]) =>
      name in properties
        ? misfits(field, properties[name], api, `${at}.${name}`)
        : [`${at}.${name} is not described`],
    ),
  ];
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}
