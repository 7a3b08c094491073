import { randomUUID } from 'node:crypto';
import type { World } from '../../world.ts';
import { type Call, GoogleError, type Reply } from '../http.ts';
import { findGeneration } from './generations.ts';
import { checkPreconditions } from './preconditions.ts';
import { store, target, type Target, UploadFields } from './upload.ts';

interface Session {
  readonly target: Target;
  readonly chunks: Buffer[];
  size: number;
}

interface ContentRange {
  readonly start?: number;
  readonly total?: number;
  readonly last: boolean;
}

// Sessions live with the process: a client that finds its session gone starts over.
const sessions = new WeakMap<World, Map<string, Session>>();

/** Opens an upload session; its address comes back in `location`. */
export function startResumable(world: World, call: Call): Reply {
  const type = call.headers['x-upload-content-type'];
  const named = typeof type === 'string' ? { contentType: type } : {};
  const fields = { ...named, ...UploadFields.parse(call.body ?? {}) };
  const goal = target(world, call, fields);
  checkPreconditions(goal.query, findGeneration(world, goal.bucket, goal.name), 'write');
  const id = randomUUID();
  sessionsOf(world).set(id, { target: goal, chunks: [], size: 0 });
  const path = `${call.path}?uploadType=resumable&upload_id=${id}`;
  const location = `http://${call.headers.host ?? '127.0.0.1'}${path}`;
  return { status: 200, headers: { location, 'x-guploader-uploadid': id } };
}

/** Takes one chunk: 308 with the range kept so far, or the object once all bytes are here. */
export function continueResumable(world: World, call: Call): Reply {
  const id = call.query.get('upload_id') ?? '';
  const session = sessionsOf(world).get(id);
  if (session === undefined) throw new GoogleError('NOT_FOUND', 'No such upload session.');
  const { start, total, last } = contentRange(call.headers['content-range']);
  keepChunk(session, start, call.raw);
  if (total === undefined ? !last : session.size < total) return incomplete(session);
  sessionsOf(world).delete(id);
  return store(world, session.target, Buffer.concat(session.chunks));
}

/** Forgets a session. */
export function cancelResumable(world: World, call: Call): Reply {
  sessionsOf(world).delete(call.query.get('upload_id') ?? '');
  return { status: 499 };
}

function keepChunk(session: Session, start: number | undefined, bytes: Buffer): void {
  if (bytes.length === 0) return;
  const skip = session.size - (start ?? session.size);
  if (skip < 0) throw new GoogleError('INVALID_ARGUMENT', 'A chunk is missing before this one.');
  const fresh = bytes.subarray(skip);
  session.chunks.push(fresh);
  session.size += fresh.length;
}

function incomplete({ size }: Session): Reply {
  return { status: 308, headers: size === 0 ? {} : { range: `bytes=0-${size - 1}` } };
}

// `bytes 0-99/200`, `bytes 0-99/*` (more to come), `bytes */200` (asks for the state),
// `bytes 0-*/*` or no header at all (all that there is).
function contentRange(header: string | undefined): ContentRange {
  const [, start, end, total] = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(header ?? '') ?? [];
  return {
    ...(start === undefined ? {} : { start: Number(start) }),
    ...(total === undefined || total === '*' ? {} : { total: Number(total) }),
    last: header === undefined || end === '*',
  };
}

function sessionsOf(world: World): Map<string, Session> {
  const known = sessions.get(world) ?? new Map<string, Session>();
  sessions.set(world, known);
  return known;
}
