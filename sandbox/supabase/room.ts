import { join } from 'node:path';
import type { Collection } from '../collection.ts';
import type { World } from '../world.ts';
import type { Listener } from './listen.ts';
import type { DatabaseDoor } from './database-doors/direct-door.ts';
import { databaseFolder } from './database-folder.ts';
import type { LiveProject } from './live-project.ts';
import { type MailCatcher, mailCatcher } from './mail/catcher.ts';
import { clusterTemplate } from './postgres/template.ts';
import { Organization, ProjectRecord } from './record.ts';

/** What the faces of the Supabase stand-in share. */
export interface Room {
  readonly world: World;
  readonly folder: string;
  readonly projects: Collection<ProjectRecord>;
  readonly organizations: Collection<Organization>;
  /** Projects whose Postgres runs, by ref. */
  readonly lives: Map<string, LiveProject>;
  /** The HTTP port with `/rest/v1` and `/auth/v1` of each project, by ref. */
  readonly doors: Map<string, Listener>;
  /** The TCP door to each project's own Postgres, by ref. */
  readonly directs: Map<string, DatabaseDoor>;
  /** What runs in the background of a project, one task after the other. */
  readonly tasks: Map<string, Promise<void>>;
  readonly closing: AbortController;
  /** Where mails end up that a project sends. */
  readonly mail: MailCatcher;
  /** When each project has sent its mails of the last hour, by ref. */
  readonly sent: Map<string, number[]>;
  /** The cluster that new projects are copied from, made at the first call. */
  template(): Promise<string>;
}

/** Reads what the world remembers and finds its databases; starts nothing. */
export function openRoom(world: World, templateFolder?: string): Room {
  const folder = databaseFolder(join(world.folder, 'supabase'));
  let template: Promise<string> | undefined;
  return {
    world,
    folder,
    projects: world.collection('supabase-projects', ProjectRecord),
    organizations: world.collection('supabase-organizations', Organization),
    lives: new Map(),
    doors: new Map(),
    directs: new Map(),
    tasks: new Map(),
    closing: new AbortController(),
    mail: mailCatcher(() => world.now()),
    sent: new Map(),
    template: () => (template ??= clusterTemplate(templateFolder ?? join(folder, 'template'))),
  };
}

/** The record, or an error where the project is gone. */
export function recordOf(room: Room, ref: string): ProjectRecord {
  const record = room.projects.get(ref);
  if (record === undefined) throw new Error(`no Supabase project ${ref}`);
  return record;
}

/** Remembers changed fields of a project and answers the whole record. */
export function change(room: Room, ref: string, fields: Partial<ProjectRecord>): ProjectRecord {
  const next = { ...recordOf(room, ref), ...fields };
  room.projects.set(ref, next);
  return next;
}

/** Puts a task behind those that the project still has to do; failures mark it INIT_FAILED. */
export function enqueue(room: Room, ref: string, task: () => Promise<void>): Promise<void> {
  const before = room.tasks.get(ref) ?? Promise.resolve();
  const next = before.then(task).catch((error: unknown) => {
    if (room.closing.signal.aborted || room.projects.get(ref) === undefined) return;
    process.stderr.write(`supabase ${ref}: ${String(error)}\n`);
    change(room, ref, { status: 'INIT_FAILED' });
  });
  room.tasks.set(ref, next);
  return next;
}
