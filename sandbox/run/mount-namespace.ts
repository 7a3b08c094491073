import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A folder that a process shall see at an absolute path of its own. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

/** A program and its arguments. */
export type CommandLine = readonly string[];

/** What a process shall see: its mounts, and `hidden`, the folders that it must not see into. */
export interface View {
  readonly mounts: readonly Mount[];
  readonly hidden: readonly string[];
  /** What enters the network of its own, where it has one. */
  readonly enter?: CommandLine;
  /** An empty folder on which the private root can be mounted. */
  readonly root: string;
  readonly cwd: string;
}

/** How processes are started here: in a private mount namespace, or without any mounts. */
export interface Isolation {
  readonly mounts: boolean;
  wrap(command: CommandLine, view: View): CommandLine;
}

/**
 * Finds out what this machine allows: a mount namespace as root, one inside a user namespace, or
 * none; and whether the kernel can end children together with their parent.
 */
export function findIsolation(): Isolation {
  const tether = works(['setpriv', '--pdeathsig', 'KILL', 'true'])
    ? ['setpriv', '--pdeathsig', 'KILL']
    : [];
  const plain = ['unshare', '--mount'];
  const mapped = [...plain, '--map-root-user'];
  const trial = ['sh', '-c', 'mount -t tmpfs tmpfs /tmp && chroot / env -C / true'];
  const enter = [plain, mapped].find((unshare) => works([...unshare, ...trial]));
  if (enter === undefined) {
    return {
      mounts: false,
      wrap: (command, { enter: network = [] }) => [...network, ...tether, ...command],
    };
  }
  return {
    mounts: true,
    wrap(command, view) {
      // Whoever entered a network has what it takes to mount there.
      const start = view.enter === undefined ? enter : [...view.enter, ...plain];
      return [...start, ...insideOf(view), ...tether, ...inFolder(command, view)];
    },
  };
}

/** Why a volume cannot be mounted at a path; undefined where it can. */
export function mountObstacle(target: string): string | undefined {
  const [, top = ''] = target.split('/');
  if (!target.startsWith('/') || top === '' || target.includes(':')) return 'invalid mount path';
  if (!existsSync(`/${top}`) || existsSync(target)) return undefined;
  return `the sandbox mounts below a new top-level folder only, and this machine has /${top}`;
}

// A new root on a private tmpfs: every top-level folder of the machine bound into it, then the
// volumes read-only, then an empty folder over each place that is not its own, such as all secrets.
const script = `
set -e
root=$1 mounts=$2 hidden=$3; shift 3
mount -t tmpfs -o mode=0755,size=1m tmpfs "$root"
for entry in /*; do
  if [ -L "$entry" ]; then cp -P "$entry" "$root$entry"
  elif [ -d "$entry" ]; then mkdir "$root$entry"; mount --rbind "$entry" "$root$entry"
  fi
done
while [ "$mounts" -gt 0 ]; do
  mkdir -p "$root$2"
  mount --bind "$1" "$root$2"
  mount -o remount,bind,ro "$root$2"
  shift 2; mounts=$((mounts - 1))
done
while [ "$hidden" -gt 0 ]; do
  mount -t tmpfs -o mode=0500,size=4k tmpfs "$root$1"
  shift; hidden=$((hidden - 1))
done
exec chroot "$root" "$@"
`;

function insideOf(view: View): CommandLine {
  const pairs = view.mounts.flatMap(({ source, target }) => [source, target]);
  const counts = [view.mounts.length, view.hidden.length].map(String);
  return ['sh', '-c', script, 'cloud-run', view.root, ...counts, ...pairs, ...view.hidden];
}

const inFolder = (command: CommandLine, view: View): CommandLine => [
  'env',
  '-C',
  view.cwd,
  ...command,
];

function works([file = '', ...args]: CommandLine): boolean {
  return spawnSync(file, args, { stdio: 'ignore' }).status === 0;
}
