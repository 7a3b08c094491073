import { queryAs } from '../postgres/sql.ts';
import type { ProjectRecord } from '../record.ts';
import type { Room } from '../room.ts';
import { ApiError } from './api-error.ts';

type Check = (room: Room, record: ProjectRecord) => Promise<boolean>;

const checks: Readonly<Record<string, Check>> = {
  auth: async (room, { ref }) => works(room.lives.get(ref)?.authPool.query('select from users')),
  db: (_, record) => works(queryAs(record, 'supabase_admin', { text: 'select 1' })),
  db_postgres_user: (_, record) => works(queryAs(record, 'postgres', { text: 'select 1' })),
  pooler: (_, record) => works(queryAs(record, 'postgres', { text: 'select 1' })),
  pg_bouncer: (_, record) => works(queryAs(record, 'postgres', { text: 'select 1' })),
  rest: async (room, { ref }) => (await room.lives.get(ref)?.rest()?.ready()) ?? false,
  realtime: (room, { ref }) => Promise.resolve(room.lives.has(ref)),
  storage: (room, { ref }) => Promise.resolve(room.lives.has(ref)),
};

/** Asks the project's real processes; `rest` comes up after the status says ACTIVE_HEALTHY. */
export async function health(
  room: Room,
  record: ProjectRecord,
  wanted: readonly string[],
): Promise<Record<string, unknown>[]> {
  const names = wanted.flatMap((list) => list.split(','));
  const unknown = names.find((name) => !Object.hasOwn(checks, name));
  if (unknown !== undefined || names.length === 0)
    throw new ApiError(400, `services: unknown or missing service ${unknown ?? ''}`.trim());
  return Promise.all(names.map((name) => one(room, record, name)));
}

async function one(
  room: Room,
  record: ProjectRecord,
  name: string,
): Promise<Record<string, unknown>> {
  // The old server may still answer while its restart has been asked for.
  const up = room.lives.has(record.ref) && record.status !== 'RESTARTING';
  const healthy = up && ((await checks[name]?.(room, record)) ?? false);
  const down = record.status === 'INACTIVE' || record.status === 'INIT_FAILED';
  const status = healthy ? 'ACTIVE_HEALTHY' : down ? 'UNHEALTHY' : 'COMING_UP';
  return healthy
    ? { name, healthy, status }
    : { name, healthy, status, error: `${name} is not up` };
}

async function works(answer: Promise<unknown> | undefined): Promise<boolean> {
  if (answer === undefined) return false;
  return answer.then(
    () => true,
    () => false,
  );
}
