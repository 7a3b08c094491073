import { Failure } from '../failure.ts';
import type { FailureClass } from '../failure.ts';
import { textOf } from './chain.ts';
import { fullPlaces } from './full-places.ts';

interface Kind {
  readonly code: string;
  readonly class: FailureClass;
  readonly what: (about: string) => string;
  readonly fix: string;
}

/** An error of the operating system (ENOSPC, EACCES, ECONNREFUSED, ...) as a Failure. */
export function systemFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const kind = kindOf(textOf(error, 'code') ?? '', textOf(error, 'syscall') ?? '');
  if (kind === undefined) return undefined;
  return new Failure({
    code: kind.code,
    what: kind.what(kind === full ? placeOf(error) : aboutOf(error)),
    why: error.message === '' ? `the system answered ${textOf(error, 'code')}` : error.message,
    fix: kind.fix,
    class: kind.class,
    cause: error,
  });
}

function kindOf(code: string, syscall: string): Kind | undefined {
  if (syscall === 'kill') return undefined; // of a process, not of a file
  if (code === 'ENOENT' && syscall.startsWith('spawn')) return missingProgram;
  return code === 'ENOENT' && syscall === '' ? undefined : kinds[code];
}

/** The path, or the address, that an error is about. */
function aboutOf(error: Error): string {
  const path = textOf(error, 'path');
  if (path !== undefined) return path;
  const port = textOf(error, 'port');
  const host = textOf(error, 'address') ?? textOf(error, 'hostname') ?? textOf(error, 'host');
  return host === undefined ? 'the other side' : [host, ...(port ? [port] : [])].join(':');
}

/** A write to an open file names no path: the places that are full are asked for. */
function placeOf(error: Error): string {
  const path = textOf(error, 'path') ?? textOf(error, 'dest');
  return path ?? (fullPlaces().join(', ') || 'a disk of this machine');
}

const full: Kind = {
  code: 'DISK_FULL',
  class: 'undo',
  what: (where) => `The disk is full: ${where}`,
  fix: 'Free some space there (`df -h` shows it), then run the command again.',
};

const missingProgram: Kind = {
  code: 'PROGRAM_MISSING',
  class: 'undo',
  what: (program) => `The program ${program} was not found`,
  fix: 'Run `make setup`, or install it on the machine that runs the worker.',
};

const missing: Kind = {
  code: 'FILE_MISSING',
  class: 'undo',
  what: (path) => `${path} does not exist`,
  fix: 'Restore it, or fix what refers to it, then run the command again.',
};

const forbidden: Kind = {
  code: 'FILE_FORBIDDEN',
  class: 'undo',
  what: (path) => `Permission denied: ${path}`,
  fix: 'Give the worker’s user access to it (`ls -ld` shows the owner), then run the command again.',
};

const unusable: Kind = {
  code: 'FILE_UNUSABLE',
  class: 'undo',
  what: (path) => `${path} has the wrong type`,
  fix: 'It is a folder where a file is expected, or a file where a folder is expected.',
};

const crowded: Kind = {
  code: 'TOO_MANY_FILES',
  class: 'retry',
  what: () => 'This machine has reached its limit of open files or processes',
  fix: 'Raise `ulimit -n` and `ulimit -u` for the worker, or stop the processes that use so many.',
};

const apart: Kind = {
  code: 'CONNECTION_LOST',
  class: 'retry',
  what: (address) => `The connection to ${address} failed`,
  fix: 'It is retried; if it persists, check the network, and that the sandbox is running.',
};

const kinds: Readonly<Record<string, Kind>> = {
  ...{ ENOSPC: full, EDQUOT: full, ENOENT: missing },
  ...{ EACCES: forbidden, EPERM: forbidden, EROFS: forbidden },
  ...{ ENOTDIR: unusable, EISDIR: unusable, ELOOP: unusable, ENAMETOOLONG: unusable },
  ...{ EMFILE: crowded, ENFILE: crowded, EAGAIN: crowded },
  ...{ ECONNREFUSED: apart, ECONNRESET: apart, ECONNABORTED: apart, EPIPE: apart },
  ...{ EHOSTUNREACH: apart, ENETUNREACH: apart, ENETDOWN: apart, EHOSTDOWN: apart },
  ...{ ETIMEDOUT: apart, ENOTFOUND: apart, EAI_AGAIN: apart },
  ...{ UND_ERR_SOCKET: apart, UND_ERR_CONNECT_TIMEOUT: apart },
  ...{ UND_ERR_HEADERS_TIMEOUT: apart, UND_ERR_BODY_TIMEOUT: apart },
};
