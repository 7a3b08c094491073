import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { alembic } from './alembic.ts';
import { projectDatabase } from './database.ts';
import { databaseServices } from './names.ts';
import { type Running, startService } from './services.ts';
import { metadataServer, recorder, token } from './stubs.ts';

const jwtSecret = 'a-secret-of-this-test-that-is-long-enough-for-hs256';

/** The whole sample, migrated and running, with stand-ins for metadata server and Supabase Auth. */
export async function sampleWorld() {
  const database = await projectDatabase();
  const [metadata, auth] = [await metadataServer(), await recorder()];
  const supabase = JSON.stringify({
    url: auth.url,
    anon_key: 'anon',
    service_role_key: 'none',
    jwt_secret: jwtSecret,
  });
  const admin = database.urlOf('postgres');
  for (const service of databaseServices) await alembic(admin, service, 'upgrade', 'head');
  const running = new Map<string, Running>();
  const { folder } = database;
  for (const service of databaseServices) {
    const secrets = { 'database-url': database.urlOf(`${service}_service`), ...more(service) };
    running.set(service, await startService(service, { folder, secrets }));
  }
  const env = { GCE_METADATA_HOST: metadata.host, ...addresses(running) };
  running.set('gateway', await startService('gateway', { folder, secrets: { supabase }, env }));
  const stop = async () => {
    await Promise.all([...running.values()].map(({ process }) => process.stop()));
    await Promise.all([metadata.stop(), auth.stop()]);
    await database.stop();
  };
  return { database, metadata, auth, running, ask: asker(running), stop };

  function more(service: string): Record<string, string> {
    if (service === 'agent') return { 'model-key': 'k' };
    return service === 'users' ? { supabase } : {};
  }
}

export type SampleWorld = Awaited<ReturnType<typeof sampleWorld>>;

const Answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string(), extensions: z.unknown() })).optional(),
});

/** A signed-in user's token. */
export function userToken(id: string = randomUUID()): string {
  const claims = { sub: id, role: 'authenticated', aud: 'authenticated', email: `${id}@x.test` };
  return token(claims, jwtSecret);
}

/** The token that Supabase calls the service role's key. */
export const adminToken = token({ role: 'service_role', iss: 'supabase' }, jwtSecret);

function addresses(running: ReadonlyMap<string, Running>): Record<string, string> {
  const pairs = [...running].map(([name, { url }]) => [`${name.toUpperCase()}_URL`, url]);
  return Object.fromEntries(pairs);
}

function asker(running: ReadonlyMap<string, Running>) {
  return async (query: string, signedIn?: string, variables = {}) => {
    const answer = await fetch(`${running.get('gateway')?.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(signedIn === undefined ? {} : { authorization: `Bearer ${signedIn}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return Answer.parse(await answer.json());
  };
}
