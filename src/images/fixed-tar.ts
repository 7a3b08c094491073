import { Header } from 'tar';
import { Failure } from '../failure.ts';

/** A file or folder as it stands in an archive; `bytes` is undefined for a folder. */
export interface TarEntry {
  readonly path: string;
  readonly bytes?: Buffer;
  readonly executable?: boolean;
}

/** A tar archive whose bytes depend on paths and contents only: no owner, no time, sorted. */
export function fixedTar(entries: readonly TarEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  return Buffer.concat([...sorted.flatMap(recordsOf), Buffer.alloc(2 * record)]);
}

/** Bytes of a tar record. */
const record = 512;
/** Time of every entry: 1980-01-01, which every archive format can hold. */
const epoch = new Date('1980-01-01T00:00:00Z');

function recordsOf({ path, bytes, executable }: TarEntry): readonly Buffer[] {
  const folder = bytes === undefined;
  const header = new Header({
    path: folder ? `${path}/` : path,
    type: folder ? 'Directory' : 'File',
    mode: folder || executable ? 0o755 : 0o644,
    size: bytes?.length ?? 0,
    mtime: epoch,
    uid: 0,
    gid: 0,
    uname: '',
    gname: '',
  });
  const head = Buffer.alloc(record);
  if (header.encode(head, 0)) throw tooLong(path);
  if (folder) return [head];
  return [head, bytes, Buffer.alloc((record - (bytes.length % record)) % record)];
}

function tooLong(path: string): Failure {
  return new Failure({
    code: 'IMAGE_PATH_TOO_LONG',
    what: `The file ${path} cannot be put into an image`,
    why: 'Its path does not fit a plain tar header (255 ASCII characters).',
    fix: 'Give the file a shorter name.',
  });
}
