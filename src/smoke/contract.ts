import { chmod, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';
import type { AuthDoor } from './auth-door.ts';
import type { Reach } from './reach.ts';

/** What a command is told of the release that it tries (docs/smoke.md). */
export interface Told {
  readonly environment: string;
  readonly run: string;
  readonly release: string;
  readonly reaches: readonly Reach[];
  /** Where mails to people that the command makes may go. */
  readonly mailbox: string;
  readonly supabase: { readonly url: string; readonly anonKey: string };
  readonly door: Pick<AuthDoor, 'url' | 'token'>;
}

/** Where a command works, and its variables. */
export interface Laid {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => Promise<void>;
}

/** Lays a command's files out where only this user reads: its own, and those of the contract. */
export async function layOut(told: Told, files: string | undefined): Promise<Laid> {
  const above = await temporaryFolder('smoke');
  const folder = join(above, 'files');
  await mkdir(folder);
  if (files !== undefined) await copyRunnable(files, folder);
  const file = join(above, 'smoke.json');
  await writeSecret(file, JSON.stringify(contractOf(told), null, 2));
  const headers = join(above, 'headers');
  await mkdir(headers, { mode: 0o700 });
  for (const reach of told.reaches)
    await writeSecret(join(headers, reach.name), headerLines(reach.headers));
  const doorFile = join(above, 'door');
  await writeSecret(doorFile, headerLines(doorHeaders(told)));
  const own = { HOME: above, TMPDIR: above, WINDLASS_SMOKE: file, WINDLASS_HEADERS: headers };
  return {
    folder,
    env: { ...variables(told), ...own, WINDLASS_DOOR_HEADERS: doorFile },
    remove: () => rm(above, { recursive: true, force: true }),
  };
}

function contractOf({ environment, run, release, mailbox, reaches, supabase, door }: Told) {
  const services = reaches.map(
    ({ name, ...reach }) =>
      [name, { url: reach.url, headers: reach.headers, revision: reach.revision }] as const,
  );
  return {
    ...{ version: 1, environment, run, release, mailbox, supabase },
    services: Object.fromEntries(services),
    door: { url: door.url, headers: doorHeaders({ door }) },
  };
}

/** What is no secret stands in variables as well. */
function variables({ environment, run, release, mailbox, reaches, supabase, door }: Told) {
  const urls = reaches.map(({ name, url }) => [urlVariable(name), url] as const);
  return {
    LANG: 'C.UTF-8',
    ...Object.fromEntries(urls),
    WINDLASS_ENVIRONMENT: environment,
    WINDLASS_RUN: run,
    WINDLASS_RELEASE: release,
    WINDLASS_MAILBOX: mailbox,
    WINDLASS_SUPABASE_URL: supabase.url,
    WINDLASS_DOOR: door.url,
  };
}

/** As a caller's own variable is called, by which it knows a service's address. */
function urlVariable(service: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_URL`;
}

function doorHeaders({ door }: Pick<Told, 'door'>): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${door.token}` };
}

/** As `curl -H @file` reads them. */
function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

async function writeSecret(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
}

/** A release keeps no modes: a script may be run whatever it was. */
async function copyRunnable(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true }))
    await chmod(join(entry.parentPath, entry.name), 0o700);
}
