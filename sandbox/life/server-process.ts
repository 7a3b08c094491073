import { globSync } from 'node:fs';
import { delimiter } from 'node:path';
import { z } from 'zod';
import { programFile, programModule } from '../../src/program-files.ts';
import { type Doors, readDoors } from './doors.ts';
import { endRecorded } from './end.ts';
import { choosePort, portOf } from './ports.ts';
import { isAlive, readRecord } from './process-record.ts';
import { startBackground, untilReady } from './start.ts';
import type { UpOptions } from './up-options.ts';

const Health = z.object({ ok: z.literal(true), pid: z.number() });
const SERVER = programModule('sandbox/server');
/** The Python of each example in this tree: what their processes are started with. */
const SAMPLES = globSync(programFile('examples', '*', '.venv', 'bin')).join(delimiter);

/** The server of this home: the one that runs, or a new one on the same world and ports. */
export async function ensureServer(
  options: UpOptions,
  before: Doors | undefined,
): Promise<{ doors: Doors; started: boolean }> {
  const { home, apiPort } = options;
  const fits = !apiPort || apiPort === portOf(before?.google);
  if (before !== undefined && fits && isAlive(readRecord(home, 'server'))) {
    const doors = await doorsOf(home, before.google).catch(() => undefined);
    if (doors !== undefined) return { doors, started: false };
  }
  await endRecorded(home, 'server');
  const port = await choosePort(apiPort, portOf(before?.google));
  const args = [SERVER, '--home', home, '--api-port', String(port)];
  const env = { WINDLASS_SAMPLE_PYTHON: SAMPLES, ...process.env };
  startBackground(home, { name: 'server', command: process.execPath, args, env }, { port });
  const ask = (): Promise<Doors | undefined> => doorsOf(home, `http://127.0.0.1:${port}`);
  return { doors: await untilReady(home, 'server', ask), started: true };
}

/**
 * Makes the Google projects and the Supabase organizations that are named: only people make those. The
 * walls of the clouds stand before the first project does, or were lowered by name.
 */
export async function ensureOwners(
  doors: Doors,
  { projects, organizations, lowered }: Pick<UpOptions, 'projects' | 'organizations' | 'lowered'>,
): Promise<void> {
  const walls = Object.fromEntries(lowered.map((name) => [name, 'off']));
  await put(`${doors.google}/_sandbox/walls`, doors.googleToken, walls);
  for (const project of projects)
    await put(`${doors.google}/_sandbox/projects/${project}`, doors.googleToken);
  for (const slug of organizations)
    await put(`${doors.supabase}/_sandbox/organizations/${slug}`, doors.supabaseToken);
}

async function put(url: string, token: string, body: object = {}): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const { ok, status } = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) });
  if (!ok) throw new Error(`the sandbox refused ${url} (${status})`);
}

// Another sandbox may have taken the port: only the recorded process counts.
async function doorsOf(home: string, google: string): Promise<Doors | undefined> {
  const timeout = AbortSignal.timeout(5000);
  const answer = await fetch(`${google}/_sandbox/health`, { signal: timeout });
  const pid = Health.safeParse(await answer.json()).data?.pid;
  return pid !== undefined && pid === readRecord(home, 'server')?.pid ? readDoors(home) : undefined;
}
