import { writeSync } from 'node:fs';
import { blame } from './guard.ts';
import { writeCrash } from './crash-record.ts';
import type { CrashRecord } from './crash-record.ts';

/** Where the process says what went wrong in it. */
interface Log {
  readonly error: (about: object, message: string) => void;
}

/**
 * From now on an uncaught error fails the work that it came from, is written down for
 * whoever watches, and ends the process only where it belongs to no work: then with exit code 1.
 */
export function listenForCrashes(home: string, log: Log) {
  const heard = (error: unknown): void => {
    const { names, late } = blame(error);
    const idle = names.length === 0;
    if (idle) return fatal(error);
    writeCrash(home, error, { fatal: false, activities: [...names] });
    tell(log, error, late ? 'error of finished work' : 'uncaught error');
  };
  const fatal = (error: unknown): void => {
    const crash = writeCrash(home, error, { fatal: true, activities: [] });
    tell(log, error, 'fatal uncaught error');
    leave(crash);
  };
  process.on('uncaughtException', heard);
  process.on('unhandledRejection', heard);
  return { fatal };
}

/** The log may stand on the full disk that is the error. */
function tell(log: Log, error: unknown, message: string): void {
  try {
    log.error({ err: error }, message);
  } catch {
    writeQuietly(`${message}: ${String(error)}\n`);
  }
}

function writeQuietly(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // nobody reads
  }
}

/** Ends the process once whoever started it has heard the reason. */
function leave(crash: CrashRecord): void {
  process.exitCode = 1;
  if (process.send === undefined || !process.connected) process.exit(1);
  process.send({ crash }, () => process.exit(1));
}
