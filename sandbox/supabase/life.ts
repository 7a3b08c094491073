import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDirectDoor } from './database-doors/direct-door.ts';
import { openDoor } from './door.ts';
import { type LiveProject, startProject } from './live-project.ts';
import { reloadAccessRules, writeAccessRules } from './postgres/access-rules.ts';
import { setMigrateFault } from './postgres/migrate-fault.ts';
import type { ProjectRecord } from './record.ts';
import { change, enqueue, recordOf, type Room } from './room.ts';
import { held } from '../../src/held.ts';

// Until a dead project is tried to be started again; doubled each time.
const REVIVE_MS = 500;
const LONGEST_REVIVE_MS = 8000;

/** Remembers a new project, opens its door and brings it up in the background. */
export async function createProject(room: Room, record: ProjectRecord): Promise<void> {
  room.projects.set(record.ref, record);
  await ensureDoor(room, record.ref);
  void held(enqueue(room, record.ref, () => bringUp(room, record.ref)));
}

/** Starts again what the world says was up when it was closed. */
export async function reopenProject(room: Room, ref: string): Promise<void> {
  await ensureDoor(room, ref);
  const { status } = recordOf(room, ref);
  if (status === 'GOING_DOWN') return removeProject(room, ref);
  if (status === 'PAUSING') change(room, ref, { status: 'INACTIVE' });
  else if (status !== 'INACTIVE') await enqueue(room, ref, () => bringUp(room, ref));
}

/** Stops the processes of a project; its data stays. */
export function pauseProject(room: Room, ref: string): void {
  change(room, ref, { status: 'PAUSING' });
  const paused = async (): Promise<void> => {
    await takeDown(room, ref);
    change(room, ref, { status: 'INACTIVE' });
  };
  void held(enqueue(room, ref, paused));
}

/** Brings a paused project up again. */
export function restoreProject(room: Room, ref: string): void {
  change(room, ref, { status: 'RESTORING' });
  void held(enqueue(room, ref, () => bringUp(room, ref)));
}

/** Ends a project and removes its data for good. */
export async function removeProject(room: Room, ref: string): Promise<void> {
  change(room, ref, { status: 'GOING_DOWN' });
  await enqueue(room, ref, async () => {
    await takeDown(room, ref);
    await room.doors.get(ref)?.close();
    room.doors.delete(ref);
    await room.directs.get(ref)?.close();
    room.directs.delete(ref);
    await rm(join(room.folder, ref), { recursive: true, force: true });
    room.projects.delete(ref);
  });
}

/** Restarts the project's Postgres and PostgREST, so that changed settings hold. */
export function restartProject(room: Room, ref: string): Promise<void> {
  if (recordOf(room, ref).status === 'ACTIVE_HEALTHY') change(room, ref, { status: 'RESTARTING' });
  return enqueue(room, ref, async () => {
    await takeDown(room, ref);
    await bringUp(room, ref);
  });
}

/** Holds new sessions to the project's network restrictions of now; open ones stay. */
export function applyAccessRules(room: Room, ref: string): Promise<void> {
  return enqueue(room, ref, async () => {
    if (!room.lives.has(ref)) return; // its start writes them
    await writeAccessRules(join(room.folder, ref), recordOf(room, ref));
    await reloadAccessRules(recordOf(room, ref));
  });
}

/** Starts the project's PostgREST anew with its settings of now. */
export function restartRest(room: Room, ref: string): Promise<void> {
  return enqueue(room, ref, () => startRest(room, ref));
}

/** Lets the fault `migrate` take effect, or end, in a project that is up. */
export async function applyMigrateFault(room: Room, ref: string): Promise<void> {
  if (!room.lives.has(ref)) return;
  const fault = room.world.faults.get('migrate');
  await setMigrateFault(recordOf(room, ref), fault);
}

/** Stops every process and closes every door; records stay as they are. */
export async function closeProjects(room: Room): Promise<void> {
  room.closing.abort();
  await Promise.all(room.tasks.values());
  await Promise.all([...room.lives.keys()].map((ref) => takeDown(room, ref)));
  const doors = [...room.doors.values(), ...room.directs.values()];
  await Promise.all(doors.map((door) => door.close()));
}

async function bringUp(room: Room, ref: string): Promise<void> {
  const { signal } = room.closing;
  if (signal.aborted || room.lives.has(ref)) return;
  const record = recordOf(room, ref);
  const live = await startProject(record, room.folder, await room.template());
  room.lives.set(ref, live);
  void held(live.died.then(() => revive(room, ref, live)));
  change(room, ref, { ports: { ...recordOf(room, ref).ports, database: live.cluster.port } });
  await applyMigrateFault(room, ref);
  if (record.status === 'COMING_UP' || record.status === 'RESTORING')
    await delay(room.world.profile.get().supabaseMs, undefined, { signal });
  change(room, ref, { status: 'ACTIVE_HEALTHY' });
  await startRest(room, ref);
}

/** Starts again what was killed, or ended by itself; tries until it runs or nobody wants it. */
async function revive(room: Room, ref: string, dead: LiveProject): Promise<void> {
  const { signal } = room.closing;
  process.stderr.write(`supabase ${ref}: a process ended unexpectedly\n`);
  await enqueue(room, ref, async () => {
    if (signal.aborted || room.lives.get(ref) !== dead) return;
    await takeDown(room, ref);
    for (let wait = REVIVE_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_REVIVE_MS)) {
      const started = await bringUp(room, ref).then(
        () => true,
        () => false,
      );
      if (started) return;
      await takeDown(room, ref);
      await delay(wait, undefined, { signal });
    }
  });
}

async function startRest(room: Room, ref: string): Promise<void> {
  const live = room.lives.get(ref);
  await live?.startRest(recordOf(room, ref));
  const rest = live?.rest();
  if (rest === undefined) return;
  const { ports } = recordOf(room, ref);
  change(room, ref, { ports: { ...ports, restAdmin: rest.adminPort } });
}

async function takeDown(room: Room, ref: string): Promise<void> {
  await room.lives.get(ref)?.stop();
  room.lives.delete(ref);
}

async function ensureDoor(room: Room, ref: string): Promise<void> {
  if (room.doors.has(ref)) return;
  const door = await openDoor(room, ref);
  room.doors.set(ref, door);
  change(room, ref, { ports: { ...recordOf(room, ref).ports, door: door.port } });
  if (recordOf(room, ref).apart !== true) return;
  const direct = await openDirectDoor(room, ref);
  room.directs.set(ref, direct);
  change(room, ref, { ports: { ...recordOf(room, ref).ports, direct: direct.port } });
}
