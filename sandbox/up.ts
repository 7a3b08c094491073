import { type AddressBook, readAddressBook } from '../src/address-book.ts';
import { keepToOurselves } from '../src/own-umask.ts';
import { checkPlace } from './life/check-place.ts';
import { writeBook } from './life/doors.ts';
import { endRecorded } from './life/end.ts';
import { inTurn } from './life/lock.ts';
import { isAlive, readRecord } from './life/process-record.ts';
import { reportFailure } from './life/report.ts';
import { ensureOwners, ensureServer } from './life/server-process.ts';
import { ensureTemporal } from './life/temporal.ts';
import { networkNotice } from './run/networks/networks.ts';
import { type UpOptions, upOptions } from './life/up-options.ts';

/** Starts what does not run yet and prints one line of JSON: what was started, and where all is. */
export async function up(options: UpOptions): Promise<void> {
  const { home } = options;
  const before = await readAddressBook(home).catch(() => undefined);
  const running = isAlive(readRecord(home, 'server'));
  const notices = running ? [] : await noticesOf(home);
  const [temporal, server] = await Promise.all([
    temporalOf(options, before),
    ensureServer(options, before),
  ]);
  await ensureOwners(server.doors, options);
  const book: AddressBook = { ...server.doors, temporal: temporal.temporal };
  writeBook(home, book);
  const started = [
    ...(temporal.started ? ['temporal'] : []),
    ...(server.started ? ['server'] : []),
  ];
  const { googleToken: _google, supabaseToken: _supabase, ...shown } = book;
  process.stdout.write(`${JSON.stringify({ home, started, notices, ...shown })}\n`);
}

async function noticesOf(home: string): Promise<readonly string[]> {
  const told = checkPlace(home);
  return [...told, ...[(await networkNotice()) ?? []].flat()];
}

async function temporalOf(
  options: UpOptions,
  before: AddressBook | undefined,
): ReturnType<typeof ensureTemporal> {
  const { temporalAddress: address, temporalUi: ui, home } = options;
  if (address === undefined) return ensureTemporal(options, before);
  await endRecorded(home, 'temporal');
  const temporal = { address, ui: ui ?? `http://${address}`, namespace: 'default' };
  return { temporal, started: false };
}

keepToOurselves();
try {
  const options = upOptions(process.argv.slice(2));
  await inTurn(options.home, () => up(options));
} catch (error) {
  process.exitCode = reportFailure(error);
}
