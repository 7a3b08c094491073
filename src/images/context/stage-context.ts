import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../failure.ts';
import type { Context } from './read-context.ts';

/** Every file of a staged context is as old as this, so that equal contexts are equal to a builder. */
const epoch = new Date('1980-01-01T00:00:00Z');

/** Copies exactly what was read, and nothing else, to an empty folder; a file that changed since is refused. */
export async function stageContext({ folder, entries }: Context, into: string): Promise<void> {
  await open(into);
  for (const { path, kind, content } of entries) {
    const to = join(into, path);
    if (kind === 'folder') await open(to);
    else if (kind === 'link') await symlink(content, to);
    else {
      const bytes = await readFile(join(folder, path));
      if (createHash('sha256').update(bytes).digest('hex') !== content) throw changed(path);
      await writeFile(to, bytes);
      await chmod(to, kind === 'executable' ? 0o755 : 0o644);
      await utimes(to, epoch, epoch);
    }
  }
}

/** Whatever the umask: an image's own user must be able to enter its folders. */
async function open(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
}

function changed(path: string): Failure {
  return new Failure({
    code: 'BUILD_CONTEXT_CHANGED',
    what: `${path} changed while its image was built`,
    why: 'The files of the image changed after its digest was computed.',
    fix: 'Run the command again when nothing writes there.',
  });
}
