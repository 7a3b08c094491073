import pg from 'pg';
import type { Login } from './connect.ts';
import { withClient } from './connect.ts';

/** Makes an empty database beside the real one, anew where one is left over; answers its login. */
export async function createTrialDatabase(admin: Login, id: string): Promise<Login> {
  const database = trialName(id);
  await dropTrialDatabase(admin, id);
  const name = pg.escapeIdentifier(database);
  await withClient(admin, async (client) => {
    await client.query(`create database ${name} template template0`);
    // It will hold a copy of the users' rows: no service may look into it.
    await client.query(`revoke all on database ${name} from public`);
  });
  return { ...admin, database };
}

/** Takes the trial database away, also under sessions that still use it; safe to run twice. */
export async function dropTrialDatabase(admin: Login, id: string): Promise<void> {
  const name = pg.escapeIdentifier(trialName(id));
  await withClient(admin, (client) => client.query(`drop database if exists ${name} with (force)`));
}

/** `windlass_trial_` and the id in characters that need no quotes; Postgres cuts at 63. */
export function trialName(id: string): string {
  return `windlass_trial_${id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`.slice(0, 63);
}
