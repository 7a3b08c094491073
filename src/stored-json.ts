import { z } from 'zod';
import { Failure } from './failure.ts';

/** A record of ours that lies somewhere: what it is, where, and the newest form that is read. */
export interface Kept<T> {
  readonly schema: z.ZodType<T>;
  /** What it is to a user: `The lease of production`. */
  readonly what: string;
  /** Where it lies: `gs://BUCKET/OBJECT`, or a file. */
  readonly where: string;
  /** The newest `version` that this Windlass reads; default 1. */
  readonly newest?: number;
  /** What is to be done where it is damaged. */
  readonly fix?: string;
}

/** A record out of its text; RECORD_DAMAGED where it is none, FORMAT_NEWER where a newer Windlass wrote it. */
export function readStored<T>(text: string | Uint8Array, kept: Kept<T>): T {
  const body = jsonOf(String(text instanceof Uint8Array ? Buffer.from(text) : text));
  const { newest = 1 } = kept;
  const version = Versioned.safeParse(body).data?.version;
  if (version !== undefined && version > newest) throw newer(kept, version, newest);
  const read = kept.schema.safeParse(body);
  if (read.success) return read.data;
  throw damaged(kept, body === undefined ? 'it is no JSON' : firstOf(read.error), read.error);
}

const Versioned = z.object({ version: z.number() });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstOf({ issues: [first] }: z.ZodError): string {
  const path = first?.path.map(String).join('.') ?? '';
  return `${path === '' ? 'its content' : path}: ${first?.message ?? 'is not as expected'}`;
}

function newer({ what, where }: Kept<unknown>, version: number, newest: number): Failure {
  return new Failure({
    code: 'FORMAT_NEWER',
    what: `${what} was written by a newer Windlass`,
    why: `${where} has version ${version}; this Windlass reads versions up to ${newest}`,
    fix: 'Use the newer Windlass, on this machine and on every worker.',
  });
}

function damaged({ what, where, fix }: Kept<unknown>, why: string, cause: z.ZodError): Failure {
  return new Failure({
    code: 'RECORD_DAMAGED',
    what: `${what} cannot be read`,
    why: `${where}: ${why}`,
    fix:
      fix ??
      'Bring back its last whole version (`gcloud storage ls --all-versions` lists those of an object), or use the Windlass that wrote it.',
    cause,
  });
}
