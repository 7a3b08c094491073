import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownFailure } from '../../src/causes/known-failure.ts';
import { Failure } from '../../src/failure.ts';
import { temporaryFolder } from '../setup/process.ts';

let folder = '';

beforeAll(async () => {
  folder = await temporaryFolder('causes');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const thrown = (work: () => Promise<unknown>): Promise<unknown> =>
  work().then(
    () => undefined,
    (error: unknown) => error,
  );

describe('an error of the system is named with its code and its path, and not tried again in vain', () => {
  it('a missing file', async () => {
    const path = join(folder, 'absent');
    expect(knownFailure(await thrown(() => readFile(path)))).toMatchObject({
      code: 'FILE_MISSING',
      class: 'undo',
      what: `${path} does not exist`,
    });
  });

  it('a folder where a file should be', async () => {
    expect(knownFailure(await thrown(() => readFile(folder)))).toMatchObject({
      code: 'FILE_UNUSABLE',
      class: 'undo',
    });
  });

  it('a missing program', async () => {
    expect(knownFailure(await thrown(() => execa('no-such-program-here')))).toMatchObject({
      code: 'PROGRAM_MISSING',
      class: 'undo',
      what: 'The program no-such-program-here was not found',
    });
  });

  it('a file that belongs to somebody else', async () => {
    const path = join(folder, 'theirs');
    await writeFile(path, 'x');
    await chmod(path, 0o000);
    await chmod(folder, 0o755);
    const says = await asNobody(`require('fs').readFileSync(${JSON.stringify(path)})`);
    expect(says).toMatchObject({ code: 'FILE_FORBIDDEN', class: 'undo' });
    expect(says?.what).toContain(path);
  });

  it('a refused connection, which is tried again', async () => {
    const port = await closedPort();
    const known = knownFailure(await thrown(() => fetch(`http://127.0.0.1:${port}/`)));
    expect(known).toMatchObject({ code: 'CONNECTION_LOST', class: 'retry' });
    expect(known?.what).toContain(`127.0.0.1:${port}`);
  });

  it('a connection that is cut in the middle of an answer', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.resetAndDestroy());
    });
    const port = await listening(server);
    const error = await thrown(() => fetch(`http://127.0.0.1:${port}/`));
    server.close();
    expect(knownFailure(error)).toMatchObject({ code: 'CONNECTION_LOST', class: 'retry' });
  });

  it('one that is the cause of another error, or a part of several', () => {
    const disk = Object.assign(new Error('no space left'), { code: 'ENOSPC', path: '/a/b' });
    const wrapped = new Error('outer', { cause: new AggregateError([new Error('x'), disk]) });
    expect(knownFailure(wrapped)).toMatchObject({
      code: 'DISK_FULL',
      what: 'The disk is full: /a/b',
    });
  });

  it('and what is already ours stays as it is', () => {
    const ours = new Failure({ code: 'OURS', what: 'w', why: 'y', fix: 'f' });
    expect(knownFailure(new Error('outer', { cause: ours }))).toBe(ours);
  });

  it.each([
    new Error('the connection to the disk has no space: ENOSPC, terminating'),
    new TypeError('server closed'),
    Object.assign(new Error('kill'), { code: 'EPERM', syscall: 'kill' }),
    'connection lost',
    undefined,
  ])('words alone are no cause: %s', (error) => {
    expect(knownFailure(error)).toBeUndefined();
  });
});

describe('a disk that is really full', () => {
  const isRoot = process.getuid?.() === 0;
  let disk = '';
  let mounted = false;

  beforeAll(async () => {
    disk = join(folder, 'small disk');
    await mkdir(disk);
    const options = ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk];
    const mount = isRoot ? await execa('mount', options, { reject: false }) : undefined;
    mounted = mount?.failed === false;
  });

  afterAll(async () => {
    if (mounted) await execa('umount', [disk]);
  });

  it('is named when a file is written', async ({ skip }) => {
    if (!mounted) return skip('mounts are not allowed here');
    const error = await thrown(() => writeFile(join(disk, 'big'), Buffer.alloc(200_000)));
    expect(knownFailure(error)).toMatchObject({ code: 'DISK_FULL', class: 'undo' });
    return undefined;
  });

  it('is named by its place when a stream is written, as an archive is', async ({ skip }) => {
    if (!mounted) return skip('mounts are not allowed here');
    const home = process.env['WINDLASS_HOME'];
    process.env['WINDLASS_HOME'] = disk;
    const file = createWriteStream(join(disk, 'archive'));
    const error = await thrown(() => pipeline([Buffer.alloc(200_000)], file));
    const known = knownFailure(error);
    if (home === undefined) delete process.env['WINDLASS_HOME'];
    else process.env['WINDLASS_HOME'] = home;
    expect(known).toMatchObject({ code: 'DISK_FULL', class: 'undo' });
    expect(known?.what).toContain(disk);
    return undefined;
  });
});

describe('an error of Postgres is sorted by its SQLSTATE', () => {
  it.each([
    ['57P03', 'DATABASE_LOST', 'retry'],
    ['57P01', 'DATABASE_LOST', 'retry'],
    ['08006', 'DATABASE_LOST', 'retry'],
    ['40P01', 'DATABASE_BUSY', 'retry'],
    ['53300', 'DATABASE_BUSY', 'retry'],
    ['53100', 'DATABASE_DISK_FULL', 'undo'],
    ['25006', 'DATABASE_READ_ONLY', 'undo'],
    ['42P01', 'DATABASE_REFUSED', 'undo'],
    ['23505', 'DATABASE_REFUSED', 'undo'],
  ])('%s is %s', (state, code, kind) => {
    const error = new pg.DatabaseError('relation "connections" terminating', 1, 'error');
    Object.assign(error, { code: state, severity: 'ERROR' });
    expect(knownFailure(error)).toMatchObject({ code, class: kind });
  });
});

/** What an unprivileged user is told; where we are none already. */
async function asNobody(script: string): Promise<Failure | undefined> {
  const report = `try{${script}}catch(e){console.log(JSON.stringify({...e,message:e.message}))}`;
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const { stdout } = await execa(process.execPath, ['-e', report], { ...nobody, cwd: '/' });
  const parts: { readonly message: string } = JSON.parse(stdout);
  return knownFailure(Object.assign(new Error(parts.message), parts));
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
