/** A place in which somebody types the first command: a real folder, user, mount, umask. */
export interface Place {
  readonly name: string;
  /** The folder of the clone, below the room of the test; default `clone`. */
  readonly clone?: string;
  /** Where the room is made; default a closed folder below /tmp. */
  readonly below?: string;
  /** The clone comes from `git archive`. */
  readonly tarball?: boolean;
  /** Shell text, as root in a mount namespace of its own; `$room`, `$clone` are set. */
  readonly mount?: string;
  /** Words before the command: another user, fewer capabilities. */
  readonly through?: readonly string[];
  /** Whose the clone is; default root. */
  readonly owner?: string;
  /** Shell text right before the command: umask, variables. */
  readonly before?: string;
  /** Shell word: where the command is typed; default the clone. */
  readonly from?: string;
}

/** Words with which util-linux takes another user or fewer capabilities. */
const as = (user: string): readonly string[] => [
  'setpriv',
  ...['--reuid', user, '--regid', user === 'nobody' ? 'nogroup' : user, '--clear-groups'],
];

const keep = (capabilities: readonly string[]): readonly string[] => [
  'setpriv',
  '--bounding-set',
  ['-all', ...capabilities.map((name) => `+${name}`)].join(','),
];

// What docker gives a container that asks for nothing; without CAP_SYS_ADMIN nothing is mounted.
const docker = [
  ...['chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap'],
  ...['net_bind_service', 'net_raw', 'sys_chroot', 'mknod', 'audit_write', 'setfcap'],
];

// securebits(7): SECBIT_NO_CAP_AMBIENT_RAISE and its lock.
const noAmbient = ['capsh', '--secbits=0xc0', '--', '-c', `'exec "$@"'`, 'bash'];

// In a chroot the kernel allows no user namespace.
const rooted = 'mkdir "$room/root" && mount --rbind / "$room/root" && enter="chroot $room/root"';
const long = `${'a folder with a long name ünd açcents '.repeat(2)}/${'x'.repeat(140)}`;

/** Where the first command must work. The first two are cloned and installed in every run. */
export const goodPlaces: readonly Place[] = [
  { name: 'root, in a closed folder, umask 077', before: 'umask 077' },
  {
    name: 'a normal user, 230 characters with spaces and accents, LC_ALL=C',
    clone: `${long}/clone`,
    owner: 'nobody',
    through: as('nobody'),
    before: 'export LC_ALL=C HOME=$room/home',
  },
  { name: 'no HOME, no LANG', before: 'unset HOME LANG LC_ALL' },
  {
    name: 'a read-only home',
    mount: 'mount --bind "$room/home" "$room/home" && mount -o remount,bind,ro "$room/home"',
    before: 'export HOME=$room/home',
  },
  { name: 'a container with docker’s capabilities', mount: rooted, through: keep(docker) },
  {
    name: 'a container that may hand no capability to a child',
    mount: rooted,
    through: [...noAmbient, ...keep(docker)],
  },
  { name: 'a tarball without .git, LC_ALL=POSIX', tarball: true, before: 'export LC_ALL=POSIX' },
  {
    name: 'temporary files on a noexec disk',
    below: '/var/tmp',
    mount: 'mount -t tmpfs -o noexec,nosuid,mode=1777 tmpfs /tmp',
  },
  { name: 'a TMPDIR that is not there', before: 'export TMPDIR=$room/nowhere' },
  {
    name: 'a TMPDIR that is read-only, 230 characters',
    clone: `${long}/clone`,
    mount: 'mount -t tmpfs -o ro tmpfs "$room/t"',
    before: 'export TMPDIR=$room/t',
  },
  { name: 'a symlinked clone', from: '"$room/link"', before: 'ln -sfn "$clone" "$room/link"' },
  {
    name: 'a nosuid disk that the database’s user is barred from by an ACL',
    mount: `mount --bind "$room" "$room" && mount -o remount,bind,nosuid "$room" && bar "$room"`,
  },
];

/** Where it cannot work, and what the preflight says. */
export const badPlaces: readonly (Place & { readonly code: string })[] = [
  {
    ...{ name: 'a read-only checkout', code: 'HOME_NOT_WRITABLE' },
    mount: 'mount --bind "$clone" "$clone" && mount -o remount,bind,ro "$clone"',
  },
  {
    ...{ name: 'a noexec disk', code: 'no program can be run in' },
    mount: 'mount --bind "$clone" "$clone" && mount -o remount,bind,noexec "$clone"',
  },
  {
    ...{ name: 'a full disk', code: 'DISK_FULL' },
    mount: 'mkdir "$clone/.windlass" && mount -t tmpfs -o size=64m tmpfs "$clone/.windlass"',
  },
  {
    ...{ name: 'root that may not change its user', code: 'DATABASE_USER_MISSING' },
    through: keep(['chown', 'dac_override']),
  },
  {
    ...{ name: 'root that may not look into other users’ folders' },
    code: 'DATABASE_FOLDER_UNREACHABLE',
    through: keep(['setuid', 'setgid', 'chown']),
  },
  {
    ...{ name: 'a user id without a name', code: 'DATABASE_USER_NAMELESS' },
    owner: '4242',
    through: as('4242'),
  },
  {
    ...{ name: 'no folder that the database’s user can enter' },
    code: 'DATABASE_PROGRAMS_UNREACHABLE',
    below: '/srv',
    mount: 'for f in /tmp /var/tmp /var/lib; do mount -t tmpfs -o mode=0700 tmpfs "$f"; done',
  },
];
