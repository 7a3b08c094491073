import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { alembic } from './alembic.ts';
import { projectDatabase } from './database.ts';
import { databaseServices } from './names.ts';
import { type Running, startService } from './services.ts';
import { metadataServer, recorder, signingKey } from './stubs.ts';

const key = signingKey();
const authAnswers = { '/auth/v1/.well-known/jwks.json': key.jwks, '/auth/v1/user': 401 };

/** The whole sample, migrated and running, with stand-ins for metadata server and Supabase Auth. */
export async function sampleWorld() {
  const database = await projectDatabase();
  const [metadata, auth] = [await metadataServer(), await recorder(authAnswers)];
  const supabase = JSON.stringify({
    url: auth.url,
    anon_key: 'anon',
    service_role_key: 'none',
  });
  const admin = database.urlOf('postgres');
  for (const service of databaseServices) await alembic(admin, service, 'upgrade', 'head');
  const running = new Map<string, Running>();
  const { folder } = database;
  for (const service of databaseServices) {
    const url = database.urlOf(`${service}_service`);
    const secrets = { 'database-url': url, supabase, ...more(service) };
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
    return service === 'agent' ? { 'model-key': 'k' } : {};
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
  return key.token(claims);
}

/** A token of the service role. */
export const adminToken = key.token({ role: 'service_role', iss: 'supabase' });

/** A user's token that ran out a day ago. */
export function tokenOfYesterday(): string {
  return key.token({ sub: randomUUID(), exp: Math.floor(Date.now() / 1000) - 86_400 });
}

/** A token of a user whom Auth calls an admin. */
export function adminUserToken(): string {
  return key.token({ sub: randomUUID(), role: 'authenticated', app_metadata: { role: 'admin' } });
}

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
