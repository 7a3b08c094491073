import type { Migrations } from './migrations.ts';
import { adminSecret, migratorSecret } from '../login-secrets.ts';
import type { Issue } from './issue.ts';
import { isReserved } from './schema-issues.ts';

interface Named {
  readonly migrations: Migrations;
  readonly secrets: Readonly<Record<string, string>>;
}

const volumeName = 63; // characters: a volume is named after its secret

/** Names of a service or of its secrets that something else has already. */
export function nameIssues(name: string, { migrations, secrets }: Named): readonly Issue[] {
  const schema = `is a schema of Supabase's own, and a service with \`migrations\` gets one of its name`;
  return [
    ...(migrations && isTaken(name)
      ? [{ path: [], message: schema, fix: `Rename the service to \`${name}-service\`.` }]
      : []),
    ...Object.keys(secrets).flatMap((secret) => secretIssue(name, secret)),
  ];
}

/** `public` is everybody's; a schema `pg-x` would be allowed, and nobody could tell it from `pg_x`. */
function isTaken(name: string): boolean {
  return name === 'public' || isReserved(name) || isReserved(name.replaceAll('-', '_'));
}

function secretIssue(service: string, secret: string): readonly Issue[] {
  const id = `${service}-${secret}`;
  const path = ['secrets', secret];
  const fix = 'Rename the secret.';
  if (id === adminSecret || id === migratorSecret)
    return [{ path, message: `would be the secret ${id}, which is Windlass's own`, fix }];
  if (secret.length <= volumeName) return [];
  const message = `has ${secret.length} characters: at most ${volumeName}, as a volume is named so`;
  return [{ path, message, fix: 'Give the secret a shorter name.' }];
}
