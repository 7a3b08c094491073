import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ZodType } from 'zod';
import { type Collection, openShelf, type Shelf, viewShelf } from './collection.ts';
import { Fault, type FaultsAccess, faultsAccess } from './faults.ts';
import { Profile, type ProfileAccess, profileAccess } from './profile.ts';

export type { Collection } from './collection.ts';

/** Everything that the stand-ins remember, below one folder. */
export interface World {
  readonly folder: string;
  /** Changes with every opening: what was begun under another session died with it. */
  readonly session: string;
  readonly profile: ProfileAccess;
  readonly faults: FaultsAccess;
  /** The records of `<folder>/<name>.json`; two calls with one name see the same records. */
  collection<T>(name: string, schema: ZodType<T>): Collection<T>;
  now(): Date;
  /** Writes what is pending, before an answer that promises it. */
  flush(): void;
  /** Writes what is pending; what changes later is not kept. */
  close(): void;
}

export interface WorldOptions {
  readonly now?: () => Date;
}

/** Opens the world kept in `folder`, or starts an empty one there. */
export function openWorld(folder: string, options: WorldOptions = {}): World {
  const root = resolve(folder);
  mkdirSync(root, { recursive: true });
  const shelves = new Map<string, Shelf>();
  function collection<T>(name: string, schema: ZodType<T>): Collection<T> {
    const shelf = shelves.get(name) ?? openShelf(root, name);
    shelves.set(name, shelf);
    return viewShelf(shelf, schema);
  }
  return {
    folder: root,
    session: randomUUID(),
    profile: profileAccess(collection('profile', Profile)),
    faults: faultsAccess(collection('faults', Fault)),
    collection,
    now: options.now ?? (() => new Date()),
    flush() {
      for (const shelf of shelves.values()) shelf.flush();
    },
    close() {
      for (const shelf of shelves.values()) shelf.close();
    },
  };
}
