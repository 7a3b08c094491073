import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { AddressBook } from '../../src/address-book.ts';
import { Failure } from '../../src/failure.ts';
import { pythonTools } from '../../src/program-files.ts';
import { endRecorded } from './end.ts';
import { choosePort, portOf } from './ports.ts';
import { isAlive, readRecord } from './process-record.ts';
import { startBackground, untilReady } from './start.ts';
import type { UpOptions } from './up-options.ts';

type Temporal = AddressBook['temporal'];

const NAMESPACE = 'default';
const searchAttributes = ['Environment=Keyword', 'Phase=Keyword', 'Release=Keyword'];

/** Temporal's dev server of this home: the one that runs, or a new one on its old database. */
export async function ensureTemporal(
  options: UpOptions,
  before: AddressBook | undefined,
): Promise<{ temporal: Temporal; started: boolean }> {
  const { home, temporalPort, uiPort } = options;
  const running = before?.temporal;
  const fits =
    (!temporalPort || temporalPort === portOf(running?.address)) &&
    (!uiPort || uiPort === portOf(running?.ui));
  if (running !== undefined && fits && (await isUp(home, running))) {
    return { temporal: running, started: false };
  }
  await endRecorded(home, 'temporal');
  const port = await choosePort(temporalPort, portOf(running?.address));
  const ui = await choosePort(uiPort, portOf(running?.ui));
  const temporal = {
    address: `127.0.0.1:${port}`,
    ui: `http://127.0.0.1:${ui}`,
    namespace: NAMESPACE,
  };
  start(home, port, ui);
  await untilReady(home, 'temporal', async () => ((await answers(temporal)) ? true : undefined));
  return { temporal, started: true };
}

/** Whether the recorded process runs and its namespace can be asked for. */
export async function isUp(home: string, temporal: Temporal): Promise<boolean> {
  return isAlive(readRecord(home, 'temporal')) && (await answers(temporal));
}

function start(home: string, port: number, ui: number): void {
  const command = temporalBinary();
  const database = join(home, `temporal-${serverVersion(command)}.db`);
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'error'].concat(
    ['--port', String(port), '--ui-port', String(ui)],
    ['--db-filename', database, '--ui-disable-news-fetch'],
    searchAttributes.flatMap((attribute) => ['--search-attribute', attribute]),
  );
  startBackground(home, { name: 'temporal', command, args, env: process.env }, { port, ui });
}

async function answers(temporal: Temporal): Promise<boolean> {
  try {
    const url = `${temporal.ui}/api/v1/namespaces/${temporal.namespace}`;
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

// A database of a newer server cannot be read by an older one, so each version has its own.
function serverVersion(command: string): string {
  const text = execFileSync(command, ['--version'], { encoding: 'utf8' });
  return /Server ([\d.]+)/.exec(text)?.[1] ?? 'unknown';
}

function temporalBinary(): string {
  const inPath = (process.env['PATH'] ?? '').split(delimiter).map((dir) => join(dir, 'temporal'));
  const python = join(pythonTools(), 'bin', 'temporal');
  const found = [process.env['WINDLASS_TEMPORAL'] ?? '', ...inPath, python].find(
    (file) => file !== '' && existsSync(file),
  );
  if (found !== undefined) return found;
  throw new Failure({
    code: 'TEMPORAL_MISSING',
    what: 'The temporal program was not found.',
    why: `It is neither in WINDLASS_TEMPORAL nor in PATH nor in ${pythonTools()}/bin.`,
    fix: 'Run `make setup`.',
  });
}
