import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

const LISTEN = '0A'; // the state TCP_LISTEN in /proc/net/tcp

/** Who listens on a TCP port, where /proc tells us. */
export function portHolder(port: number): PortHolder | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((f) => listeners(f, port)));
  if (inodes.size === 0) return undefined;
  const pid = entries('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((name) => entries(`/proc/${name}/fd`).some((fd) => inodes.has(socket(name, fd))));
  return pid === undefined ? undefined : { pid: Number(pid), command: commandOf(pid) };
}

function listeners(file: string, port: number): readonly string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return text(file)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(wanted) === true && state === LISTEN)
    .map((fields) => `socket:[${fields[9]}]`);
}

function socket(pid: string, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return '';
  }
}

function commandOf(pid: string): string {
  return text(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(0, 120) || 'unknown';
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
