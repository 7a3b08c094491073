import { execFileSync } from 'node:child_process';
import { Failure } from '../../src/failure.ts';

/** A command line, ready for spawn. */
export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
}

type Wrapper = readonly string[];
type Who = 'self' | 'other' | 'bare other';
// Postgres must own its folder and refuses root; the project may lie below a 0700 home, which
// that other user could not enter without this capability.
const traverse = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
const found = new Map<string, Wrapper>();

/** A Postgres command that runs as an unprivileged user when we are root, and ends when we do. */
export function unprivileged(file: string, args: readonly string[]): CommandLine {
  return wrapped(isRoot() ? 'other' : 'self', 'INT', { file, args });
}

/** The same without the one capability: what access(2) grants, which Postgres asks of programs. */
export function unprivilegedBare(file: string, args: readonly string[]): CommandLine {
  return wrapped(isRoot() ? 'bare other' : 'self', 'INT', { file, args });
}

/** A command under our own user that is told to end when this process dies, however it dies. */
export function tethered(file: string, args: readonly string[]): CommandLine {
  return wrapped('self', 'TERM', { file, args });
}

/** Whether a short command ends with 0. */
export function succeeds({ file, args }: CommandLine): boolean {
  try {
    // From `/`, which everybody may enter.
    execFileSync(file, [...args], { stdio: 'ignore', cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

function wrapped(who: Who, signal: string, command: CommandLine): CommandLine {
  const key = `${who} ${signal}`;
  const wrapper = found.get(key) ?? findWrapper(who, signal);
  found.set(key, wrapper);
  const [file, ...args] = [...wrapper, command.file, ...command.args];
  return file === undefined ? command : { file, args };
}

function findWrapper(who: Who, signal: string): Wrapper {
  const tether = ['--pdeathsig', signal];
  const wrapper = candidates(who, tether)
    .map((args) => ['setpriv', ...args])
    .find(works);
  if (wrapper === undefined && who !== 'self') throw noOtherUser();
  return wrapper ?? [];
}

function candidates(who: Who, tether: readonly string[]): (readonly string[])[] {
  if (who === 'self') return [tether];
  const switches = serverUsers().map(({ uid, gid }) => [
    ...['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups'],
  ]);
  const bare = switches.map((args) => [...args, ...tether]);
  const able = switches.map((args) => [...args, ...traverse, ...tether]);
  return who === 'other' ? [...able, ...bare] : bare;
}

function serverUsers(): { uid: number; gid: number }[] {
  return ['postgres', 'nobody'].flatMap((name) => {
    const uid = id('-u', name);
    const gid = id('-g', name);
    return uid === undefined || gid === undefined || uid === 0 ? [] : [{ uid, gid }];
  });
}

function id(flag: string, name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

function works([file = 'setpriv', ...args]: Wrapper): boolean {
  return succeeds({ file, args: [...args, 'true'] });
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function noOtherUser(): Failure {
  const program = succeeds({ file: 'setpriv', args: ['--version'] });
  const users = serverUsers().length > 0;
  const [why, fix] = !program
    ? ['there is no `setpriv` on PATH', 'Install util-linux (apt-get install util-linux).']
    : !users
      ? ['this machine has neither a user postgres nor a user nobody', 'Add one: useradd postgres.']
      : [
          'this process may not change to the user postgres or nobody (it lacks CAP_SETUID or CAP_SETGID)',
          'Run the command as a normal user, or give the container SETUID and SETGID.',
        ];
  return new Failure({
    code: 'DATABASE_USER_MISSING',
    what: 'There is no user for Postgres to run as',
    why: `Postgres refuses to run as root, and ${why}.`,
    fix,
  });
}
