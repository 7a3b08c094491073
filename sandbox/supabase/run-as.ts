import { execFileSync } from 'node:child_process';

/** A command line, ready for spawn. */
export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
}

type Wrapper = readonly string[];
// Postgres must own its folder and refuses root; the project may lie below a 0700 home, which
// that other user could not enter without this capability.
const traverse = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
const found = new Map<string, Wrapper>();

/** A Postgres command that runs as an unprivileged user when we are root, and ends when we do. */
export function unprivileged(file: string, args: readonly string[]): CommandLine {
  return wrapped(isRoot() ? 'other' : 'self', 'INT', { file, args });
}

/** A command under our own user that is told to end when this process dies, however it dies. */
export function tethered(file: string, args: readonly string[]): CommandLine {
  return wrapped('self', 'TERM', { file, args });
}

function wrapped(who: 'self' | 'other', signal: string, command: CommandLine): CommandLine {
  const key = `${who} ${signal}`;
  const wrapper = found.get(key) ?? findWrapper(who, signal);
  found.set(key, wrapper);
  const [file, ...args] = [...wrapper, command.file, ...command.args];
  return file === undefined ? command : { file, args };
}

function findWrapper(who: 'self' | 'other', signal: string): Wrapper {
  const tether = ['--pdeathsig', signal];
  const candidates =
    who === 'self' ? [tether] : serverUsers().flatMap((user) => asUser(user, tether));
  const wrapper = candidates.map((args) => ['setpriv', ...args]).find(works);
  if (wrapper === undefined && who === 'other')
    throw new Error('Postgres refuses to run as root and `setpriv` could not change the user');
  return wrapper ?? [];
}

function asUser(user: { uid: number; gid: number }, tether: readonly string[]): string[][] {
  const as = ['--reuid', `${user.uid}`, '--regid', `${user.gid}`, '--clear-groups'];
  return [
    [...as, ...traverse, ...tether],
    [...as, ...tether],
  ];
}

function serverUsers(): { uid: number; gid: number }[] {
  return ['postgres', 'nobody'].flatMap((name) => {
    const uid = id('-u', name);
    const gid = id('-g', name);
    return uid === undefined || gid === undefined ? [] : [{ uid, gid }];
  });
}

function id(flag: string, name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

function works(wrapper: readonly string[]): boolean {
  const [file = 'setpriv', ...args] = wrapper;
  try {
    execFileSync(file, [...args, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
