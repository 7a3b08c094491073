import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const PERSIST_AFTER_MS = 5;
const AGAIN_AFTER_MS = 1000; // on a full disk
const Stored = z.record(z.string(), z.unknown());

/** Named records that outlive the process; a value that is read is a copy of its own. */
export interface Collection<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): boolean;
  list(): [key: string, value: T][];
}

/** The untyped records of one file; every view on it checks with its own schema. */
export interface Shelf {
  readonly records: Map<string, unknown>;
  changed(): void;
  /** Writes what is pending: what was answered must survive a death of the process. */
  flush(): void;
  /** Writes what is pending; later changes stay in memory, as the file may be another's by then. */
  close(): void;
}

/** Opens `<folder>/<name>.json`, or starts it empty; changes reach the disk 5 ms later. */
export function openShelf(folder: string, name: string): Shelf {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  const records = new Map(Object.entries(readRecords(path)));
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  function flush(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    try {
      writeRecords(path, records);
    } catch (error) {
      // A full disk must not end the server: the records are in memory, and are tried again.
      process.stderr.write(`${path}: ${String(error)}\n`);
      if (!closed) timer = setTimeout(flush, AGAIN_AFTER_MS);
    }
  }
  function changed(): void {
    if (!closed) timer ??= setTimeout(flush, PERSIST_AFTER_MS);
  }
  function close(): void {
    closed = true;
    flush();
  }
  return { records, changed, flush, close };
}

/** A typed view on a shelf: what goes in and what comes out passes the schema. */
export function viewShelf<T>(shelf: Shelf, schema: z.ZodType<T>): Collection<T> {
  return {
    get: (key) => (shelf.records.has(key) ? schema.parse(shelf.records.get(key)) : undefined),
    set(key, value) {
      shelf.records.set(key, schema.parse(value));
      shelf.changed();
    },
    delete(key) {
      const existed = shelf.records.delete(key);
      if (existed) shelf.changed();
      return existed;
    },
    list: () => [...shelf.records].map(([key, value]) => [key, schema.parse(value)]),
  };
}

function readRecords(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  return Stored.parse(JSON.parse(text));
}

function writeRecords(path: string, records: Map<string, unknown>): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, JSON.stringify(Object.fromEntries(records)), { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
