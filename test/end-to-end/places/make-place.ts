import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import type { Place } from './place.ts';

const repository = resolve(import.meta.dirname, '..', '..', '..');
const tools = ['node_modules', 'tools/node/node_modules', 'tools/python/.venv'];
const installed = [...tools, 'examples/wellness/.venv'];

/** A place that was made; `run` types commands there, as its user, and ends its sandbox after. */
export interface Made {
  readonly clone: string;
  run(command: string): Promise<{ exitCode: number; all: string }>;
  remove(): void;
}

/** Why this machine has no such place; undefined where it has. */
export function obstacle(place: Place): string | undefined {
  if (process.getuid?.() !== 0)
    return (place.mount ?? place.through) ? 'only root can make this place' : undefined;
  const [program = 'sh'] = place.through ?? [];
  if (spawnSync(program, ['--version']).error) return `there is no ${program} on PATH`;
  const trial = ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'];
  const allowed = place.mount === undefined || spawnSync('unshare', trial).status === 0;
  return allowed ? undefined : 'this machine allows no mounts';
}

/** Makes the room of a place: `origin` to clone from, and a home. */
export function makePlace(place: Place, origin: string): Made {
  const room = mkdtempSync(join(place.below ?? '/tmp', 'windlass-place-')); // 0700
  const clone = join(room, place.clone ?? 'clone');
  for (const folder of [join(room, 'home'), join(room, 't'), dirname(clone)])
    mkdirSync(folder, { recursive: true });
  if (place.owner !== undefined) execFileSync('chown', ['-R', place.owner, room]);
  const words = (command: string) => ['sh', '-c', outer(place, command), room, clone, origin];
  return {
    clone,
    async run(command) {
      const [file, ...args] = place.mount
        ? ['unshare', '--mount', ...words(command)]
        : words(command);
      const { exitCode = -1, all } = await execa(file ?? 'sh', args, {
        ...{ reject: false, all: true, env: bare(), extendEnv: false, stdin: 'ignore', cwd: room },
      });
      return { exitCode, all };
    },
    remove: () => {
      const databases = join(clone, '.windlass', 'world', 'supabase');
      if (existsSync(databases)) rmSync(realpathSync(databases), { recursive: true });
      rmSync(room, { recursive: true, force: true });
    },
  };
}

/** The clone with the installed packages of this checkout, which no command there changes. */
export function cloneShared(place: Place, made: Made, origin: string): void {
  const { clone } = made;
  execFileSync('git', ['clone', '--quiet', origin, clone]);
  if (place.tarball) rmSync(join(clone, '.git'), { recursive: true });
  if (place.owner !== undefined) execFileSync('chown', ['-R', place.owner, clone]);
  for (const folder of installed) {
    const [from, to] = [join(repository, folder), join(clone, folder)];
    if (spawnSync('cp', ['-al', from, to]).status !== 0) {
      rmSync(to, { recursive: true, force: true });
      execFileSync('cp', ['-a', from, to]);
    }
    rmSync(join(to, '.installed')); // the others are shared, this one is made anew
  }
  // All of one moment (one `touch` may cross a tick between two), newer than the clone's lock files.
  const moment = `--date=@${(Date.now() / 1000).toFixed(3)}`;
  const marks = installed.map((folder) => join(clone, folder, '.installed'));
  execFileSync('touch', [moment, '--', ...marks]);
}

/** One file that everybody can clone this checkout from, as it lies here. */
export function makeOrigin(): { readonly file: string; remove(): void } {
  const folder = mkdtempSync('/var/tmp/windlass-origin-');
  chmodSync(folder, 0o755);
  const file = join(folder, 'windlass.bundle');
  const git = (...args: string[]) =>
    execFileSync('git', ['--git-dir', join(folder, 'git'), '--work-tree', repository, ...args]);
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  const author = ['-c', 'user.name=places', '-c', 'user.email=places@localhost'];
  git(...author, 'commit', '--quiet', '--no-verify', '--message', 'As it lies here');
  git('bundle', 'create', '--quiet', file, '--all', 'HEAD');
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

function outer(place: Place, command: string): string {
  const inner = [
    'room=$0 clone=$1 origin=$2',
    place.before ?? '',
    command,
    'code=$?',
    '[ -d "$clone/.windlass/run" ] && cd "$clone" && sh bin/windlass sandbox down >/dev/null 2>&1',
    'exit $code',
  ].join('\n');
  const through = (place.through ?? []).join(' ');
  return `set -e
room=$0 clone=$1 enter=
bar() { python3 -c "$(printf '%s\\n' ${quoted(acl)})" "$@"; }
${place.mount ?? ''}
exec $enter ${through} sh -c ${quoted(inner)} "$room" "$clone" "$2"`;
}

// An access list as acl(5) keeps it: its owner may, the database's users may not enter.
const acl = `
import os, pwd, struct, sys
def entry(tag, perm, id=0xffffffff): return struct.pack('<HHI', tag, perm, id)
ids = sorted(pwd.getpwnam(n).pw_uid for n in ('postgres', 'nobody') if any(p.pw_name == n for p in pwd.getpwall()))
users = b''.join(entry(2, 0, i) for i in ids)
os.setxattr(sys.argv[1], 'system.posix_acl_access', struct.pack('<I', 2) + entry(1, 7) + users + entry(4, 5) + entry(16, 7) + entry(32, 5))`;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** What a login gives: nothing of this test run leads to another sandbox or Temporal. */
function bare(): Record<string, string> {
  const own =
    /^(WINDLASS_|TEMPORAL_|VITEST|NODE_(OPTIONS|PATH|ENV|COMPILE)|npm_(lifecycle|package|command|execpath|config_cache)|XDG_|MAKE|MFLAGS|(ARGS|TEST)$)/;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || own.test(name) ? [] : [[name, value]],
    ),
  );
}
