import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProjectRecord } from '../record.ts';
import { ownedFile } from './own-folder.ts';
import { queryAs } from './sql.ts';

/** Who reaches the project's Postgres, as pg_hba.conf says it. */
export function accessRulesFile(projectFolder: string): string {
  return join(projectFolder, 'tls', 'pg_hba.conf');
}

/**
 * Writes who may log in from where as Postgres's own rules. The platform's roles come from this
 * machine, as they do in the cloud; everybody else comes by a door, which holds him to the network
 * restrictions, and must speak TLS where that is enforced: to Postgres, or to the pooler. An older
 * project has no doors: its restrictions stand here.
 */
export async function writeAccessRules(
  projectFolder: string,
  { ssl, network, apart }: ProjectRecord,
): Promise<void> {
  const ranges = apart ? [] : [...network.dbAllowedCidrs, ...network.dbAllowedCidrsV6];
  const kind = ssl ? 'hostssl' : 'host';
  const lines = [
    `host all ${platformRoles.join(',')} 127.0.0.1/32 scram-sha-256`,
    `host all all ${fromPooler}/32 scram-sha-256`,
    `${kind} all all ${fromDirectDoor}/32 scram-sha-256`,
    ...ranges.map((range) => `${kind} all all ${range} scram-sha-256`),
  ];
  await ownedFile(accessRulesFile(projectFolder), `${lines.join('\n')}\n`);
}

/** Lets a running Postgres read its rules again; comes back when new sessions are held to them. */
export async function reloadAccessRules(record: ProjectRecord): Promise<void> {
  const loaded = async (): Promise<unknown> =>
    (
      await queryAs(record, 'supabase_admin', { text: 'select pg_conf_load_time()::text as at' })
    )[0];
  const before = JSON.stringify(await loaded());
  await queryAs(record, 'supabase_admin', { text: 'select pg_reload_conf()' });
  while (JSON.stringify(await loaded()) === before) await delay(20);
}

/** The addresses that each door calls Postgres from. */
export const fromDirectDoor = '127.0.0.2';
export const fromPooler = '127.0.0.3';

const platformRoles = ['supabase_admin', 'supabase_auth_admin', 'authenticator'];
