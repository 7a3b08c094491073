import type { Migrations } from './migrations.ts';
import { platformSchemas, sharedSchema } from '../postgres/platform.ts';
import { adminSecret, migratorSecret } from '../login-secrets.ts';
import type { Issue } from './issue.ts';

interface Named {
  readonly migrations: Migrations;
  readonly secrets: Readonly<Record<string, string>>;
}

const taken: ReadonlySet<string> = new Set([
  ...Object.keys(platformSchemas),
  ...[sharedSchema, 'public', 'information_schema'],
]);
const volumeName = 63; // characters: a volume is named after its secret

/** Names of a service or of its secrets that something else has already. */
export function nameIssues(name: string, { migrations, secrets }: Named): readonly Issue[] {
  const schema = `is a schema of Supabase's own, and a service with \`migrations\` gets one of its name`;
  return [
    ...(migrations && taken.has(name)
      ? [{ path: [], message: schema, fix: `Call the service \`${name}-service\`.` }]
      : []),
    ...Object.keys(secrets).flatMap((secret) => secretIssue(name, secret)),
  ];
}

function secretIssue(service: string, secret: string): readonly Issue[] {
  const id = `${service}-${secret}`;
  const path = ['secrets', secret];
  const fix = 'Give the secret another name.';
  if (id === adminSecret || id === migratorSecret)
    return [{ path, message: `would be the secret ${id}, which is Windlass's own`, fix }];
  if (secret.length <= volumeName) return [];
  const message = `has ${secret.length} characters: at most ${volumeName}, as a volume is named so`;
  return [{ path, message, fix: 'Give the secret a shorter name.' }];
}
