import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Login } from '../postgres/connect.ts';
import { dumpDatabase } from '../postgres/dump.ts';
import type { LeftOut } from '../postgres/left-out.ts';
import { notCarried } from '../postgres/not-carried.ts';
import { readPicture } from '../postgres/picture.ts';
import type { Picture } from '../postgres/picture.ts';
import { isOvertaken, overtaken } from '../postgres/overtaken.ts';
import { onSnapshot } from '../postgres/snapshot.ts';
import { seal } from './seal.ts';

/** A sealed dump on this machine's disk, and the picture of the snapshot that it is of. */
export interface SealedDump {
  readonly file: string;
  /** Of the sealed file, as its size is. */
  readonly sha256: string;
  readonly bytes: number;
  readonly picture: Picture;
  readonly notCarried: readonly LeftOut[];
}

interface Asked {
  readonly home: string;
  readonly runId: string;
  readonly services: readonly string[];
  readonly key: Buffer;
  readonly signal?: AbortSignal;
}

const tries = 4;

/**
 * Dumps one snapshot of the database into a sealed file, and reads its picture meanwhile; of another
 * snapshot where somebody took a table away under it.
 */
export async function takeDump(login: Login, asked: Asked): Promise<SealedDump> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await dumpOnce(login, asked);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
      if (attempt === tries) throw overtaken(error);
    }
  }
}

async function dumpOnce(login: Login, asked: Asked): Promise<SealedDump> {
  const folder = join(asked.home, 'runs', asked.runId);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'database.dump.sealed');
  const halt = new AbortController();
  const signal = asked.signal ? AbortSignal.any([asked.signal, halt.signal]) : halt.signal;
  return onSnapshot(login, async ({ id: snapshot, client }) => {
    const dumping = dumpDatabase(login, { snapshot, signal }, (dump) =>
      writeSealed(seal(dump, asked.key), file),
    );
    const reading = (async () => ({
      picture: await readPicture(client, asked.services),
      notCarried: await notCarried(client),
    }))().catch((error: unknown) => {
      halt.abort();
      throw error;
    });
    const [dumped, read] = await Promise.allSettled([dumping, reading]);
    if (dumped.status === 'fulfilled' && read.status === 'fulfilled')
      return { file, ...dumped.value, ...read.value };
    await rm(file, { force: true });
    // Where both failed the reading did first, for it stops the dump.
    throw read.status === 'rejected' ? read.reason : dumped.status === 'rejected' && dumped.reason;
  });
}

async function writeSealed(sealed: AsyncIterable<Buffer>, file: string) {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    sealed,
    async function* measured(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(file, { mode: 0o600 }),
  );
  return { sha256: hash.digest('hex'), bytes };
}
