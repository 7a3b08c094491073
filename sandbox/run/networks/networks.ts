import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programFile, pythonTools } from '../../../src/program-files.ts';
import type { World } from '../../world.ts';
import type { CommandLine } from '../mount-namespace.ts';
import { openNetwork, type OwnNetwork } from './own-network.ts';

/** Networks of their own for the instances of one fleet. */
export interface Networks {
  /** The private folder of the sockets through which they are joined with ours. */
  readonly folder: string;
  /** A short path of a socket in that folder, for this process alone. */
  readonly socket: (name: string) => string;
  open(): OwnNetwork;
  close(): void;
}

/** Where the sockets of a world's networks lie. */
export const gateFolder = ({ folder }: World): string => join(folder, 'gates');

/**
 * The networks that this machine gives us, tried with one: as root, or inside a user namespace.
 * Undefined where it gives none: instances then listen on the machine's own addresses.
 */
export async function findNetworks(folder: string): Promise<Networks | undefined> {
  for (const mapped of process.getuid?.() === 0 ? [false, true] : [true]) {
    const networks = networksIn(folder, mapped);
    if (await works(networks)) return networks;
    networks.close();
  }
  return undefined;
}

/** What the user should know where this machine gives no networks; undefined where it does. */
export async function networkNotice(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-networks-'));
  const networks = await findNetworks(folder);
  networks?.close();
  return networks === undefined
    ? 'services share the network of this machine, whose other users reach them past the proxy: no network namespace can be made here (`unshare --net --map-root-user`)'
    : undefined;
}

function networksIn(folder: string, mapped: boolean): Networks {
  rmSync(folder, { recursive: true, force: true }); // what a killed sandbox left
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const held = openSync(folder, 'r');
  // A path of a socket has 107 characters at most, and a project may lie deep.
  const socket = (name: string) => `/proc/self/fd/${held}/${name}`;
  const gate = [pythonProgram(), '-I', '-S', programFile('sandbox', 'run', 'networks', 'gate.py')];
  const start: CommandLine = ['unshare', '--net', ...(mapped ? ['--map-root-user'] : []), ...gate];
  let count = 0;
  const begin = () => openNetwork({ start, mapped, folder, socket, name: `${(count += 1)}` });
  // One is kept begun, for who is started waits for it.
  let spare: OwnNetwork | undefined;
  return {
    ...{ folder, socket },
    open() {
      const network = spare ?? begin();
      spare = begin();
      return network;
    },
    close() {
      spare?.close();
      closeSync(held);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function works(networks: Networks): Promise<boolean> {
  const network = networks.open();
  try {
    const enter = await network.join({ port: 1, outbound: [] });
    const [file = '', ...args]: CommandLine = [...enter, 'true'];
    const child = spawn(file, args, { stdio: 'ignore' });
    return await new Promise<boolean>((resolve) => {
      child.once('error', () => resolve(false)).once('exit', (code) => resolve(code === 0));
    });
  } catch {
    return false;
  } finally {
    network.close();
  }
}

function pythonProgram(): string {
  const own = join(pythonTools(), 'bin', 'python');
  return existsSync(own) ? own : 'python3';
}
