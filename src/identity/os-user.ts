import { readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import type { Identity } from '../words.ts';

/** What the system says of a process and where it came from; its own is read from /proc. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  readonly name: string;
}

/** How a process is looked up; undefined where it is gone or hidden. */
type LookUp = (pid: number) => Promise<Process | undefined>;

/** Programs of root that let people in: what lies above them is nobody who became somebody else. */
const doors =
  /^(init|systemd|sshd|login|agetty|getty|cron|crond|atd|gdm|lightdm|sddm|xdm|dockerd|containerd|conmon|runc|crun|podman|supervisord|tini|dumb-init)/;

/**
 * The operating system's user. Whoever becomes another one (sudo, su, setpriv) stays who they were:
 * the users of all processes above, the login's and sudo's word count as the same person.
 */
export async function osUser(lookUp: LookUp = ofProc): Promise<Identity> {
  const { username, uid } = userInfo();
  const users = [uid, ...(await usersAbove(process.pid, lookUp)), ...(await loginUser())];
  const same = [...new Set([...users.map((user) => `uid:${user}`), `user:${username}`])];
  return { name: username, how: 'os-user', by: `uid ${uid} on ${hostname()}`, same };
}

/** Users of the processes above, up to the door by which somebody came in. */
export async function usersAbove(pid: number, lookUp: LookUp): Promise<readonly number[]> {
  const users = new Set<number>();
  for (let at = await lookUp(pid); at && at.pid > 1; at = await lookUp(at.parent)) {
    if (at.uid === 0 && doors.test(at.name)) break; // a name can only be forged by its own user
    users.add(at.uid);
  }
  return [...users];
}

/** What sudo says and what the login recorded: a word too many refuses, and none lets nobody in. */
async function loginUser(): Promise<readonly number[]> {
  const login = await readFile('/proc/self/loginuid', 'utf8').catch(() => '');
  const unset = 4_294_967_295; // (uid_t) -1: nobody logged in
  return [process.env['SUDO_UID'] ?? '', login]
    .filter((text) => /^\d+$/.test(text.trim()))
    .map(Number)
    .filter((user) => user !== unset);
}

async function ofProc(pid: number): Promise<Process | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const field = (name: string): string =>
    new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(text)?.[1] ?? '';
  return { pid, parent: Number(field('PPid')), uid: Number(field('Uid')), name: field('Name') };
}
