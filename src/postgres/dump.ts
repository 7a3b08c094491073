import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Login } from './connect.ts';
import { requireSameMajor } from './major.ts';
import { postgresProgram } from './programs.ts';
import { runClient } from './run.ts';
import { existingSchemas } from './schemas.ts';

/** A finished dump; `bytes` is its size, `schemas` what it holds. */
export interface Dump {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly schemas: readonly string[];
}

/** What is dumped: the services' schemas, and the sign-ins that their rows belong to. */
export interface DumpRequest {
  readonly services: readonly string[];
  readonly file: string;
  readonly signal?: AbortSignal;
}

/**
 * Dumps the services' schemas and `auth` into one file (custom format, one snapshot). The rest of
 * a Supabase database belongs to the platform, which makes it anew. A Failure where nothing is
 * there, or where pg_dump is of another major version than the server.
 */
export async function dumpDatabase(login: Login, request: DumpRequest): Promise<Dump> {
  const { services, file, signal } = request;
  await requireSameMajor(login);
  const schemas = await existingSchemas(login, [...services, 'auth']);
  const args = dumpArguments(schemas, file);
  await runClient({ program: postgresProgram('pg_dump'), args, login, signal });
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { file, bytes: (await stat(file)).size, sha256: hash.digest('hex'), schemas };
}

/** pg_dump's words: level 1 costs little and takes most of what compression can take. */
export function dumpArguments(schemas: readonly string[], file: string): readonly string[] {
  const only = schemas.map((schema) => `--schema="${schema}"`);
  const how = ['--format=custom', '--compress=1', '--no-password', '--lock-wait-timeout=10000'];
  return [...how, ...only, `--file=${file}`];
}
