import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Lane } from './lane.ts';

/** A process that belongs to a lane. */
export interface Found {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process whose command line, folder or environment names the lane's folder. */
export function processesOf({ root }: Pick<Lane, 'root'>): readonly Found[] {
  return everyProcess().filter(
    ({ pid, command }) =>
      command.includes(root) ||
      link(`/proc/${pid}/cwd`).startsWith(root) ||
      text(`/proc/${pid}/environ`).includes(root),
  );
}

/** What a process started itself; not every one of them names its lane. */
export function childrenOf(parent: number): readonly Found[] {
  return everyProcess().filter((one) => one.parent === parent);
}

function everyProcess(): readonly Found[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const command = text(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
      if (command === '') return []; // a zombie, or the kernel's
      const stat = text(`/proc/${pid}/stat`);
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return [{ pid: Number(pid), parent, command }];
    });
}

const lasting =
  /\/src\/worker\.ts|\/sandbox\/server\.ts|temporal server start-dev|\/postgres -D|^postgres:|postgrest|main\.py|esbuild/;

/** What runs of a lane though no run of it is open: all but the sandbox, its services and the worker. */
export function leftProcesses(lane: Pick<Lane, 'root'>): readonly string[] {
  const all = processesOf(lane);
  const gates = all.filter(isGate);
  const held = new Set(all.filter((one) => !isGate(one)).map(networkOf));
  // The sandbox keeps one begun; every other joins the network of an instance that lives.
  const [, ...idle] = gates.filter((gate) => !held.has(networkOf(gate)));
  const others = all.filter((one) => !isGate(one) && !lasting.test(one.command));
  return [...others, ...idle].map(({ pid, command }) => `process ${pid}: ${command.slice(0, 120)}`);
}

const isGate = ({ command }: Found): boolean => command.includes('/run/networks/gate.py');

const networkOf = ({ pid }: Found): string => link(`/proc/${pid}/ns/net`);

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
