import { platformSchemas, sharedSchema } from '../postgres/platform.ts';
import type { Issue } from './issue.ts';

/** What GraphQL is reached by: of the platform's schemas the one that is made to be exposed. */
const madeToBeExposed = 'graphql_public';
const reserved: ReadonlySet<string> = new Set([
  ...Object.keys(platformSchemas),
  ...[sharedSchema, 'information_schema'],
]);

interface Exposing {
  readonly environments: Readonly<
    Record<string, { readonly supabase: { readonly exposedSchemas: readonly string[] } }>
  >;
}

/** Whether a schema is Postgres' own or Supabase's. */
export function isReserved(schema: string): boolean {
  const name = schema.toLowerCase();
  return reserved.has(name) || name.startsWith('pg_');
}

/** Schemas that must not, or cannot, be reached through the REST door. */
export function exposedIssues({ environments }: Exposing): readonly Issue[] {
  return Object.entries(environments).flatMap(([name, { supabase }]) => {
    const path = ['environments', name, 'supabase', 'exposedSchemas'];
    const seen = new Set<string>();
    return supabase.exposedSchemas.flatMap((schema, at) => {
      const wrong = schemaIssue(schema) ?? (seen.has(schema) ? twice(schema) : undefined);
      seen.add(schema);
      return wrong ? [{ path: [...path, String(at)], ...wrong }] : [];
    });
  });
}

type Wrong = Omit<Issue, 'path'>;

// The Management API takes the schemas as one text with commas.
function schemaIssue(schema: string): Wrong | undefined {
  if (!/^[a-z_][a-z0-9_-]{0,62}$/.test(schema))
    return {
      message: `is ${JSON.stringify(schema)}: a schema has small letters, digits, _ and -, a letter first, at most 63`,
      fix: 'Write the name of one schema.',
    };
  if (schema === madeToBeExposed || !isReserved(schema)) return undefined;
  return {
    message: `is '${schema}', a schema of the platform's own: whoever has the public key would reach it`,
    fix: 'Take it out; expose a schema of your own with views or functions for what is needed.',
  };
}

function twice(schema: string): Wrong {
  return { message: `'${schema}' stands there already`, fix: 'Take one of them out.' };
}
