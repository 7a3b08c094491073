import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseFolder } from '../../../sandbox/supabase/database-folder.ts';
import { temporaryFolder } from '../../setup/process.ts';

let room: string;
let outside: string;

beforeEach(async () => {
  room = await temporaryFolder('databases');
  outside = join(room, 'outside');
  mkdirSync(outside, { mode: 0o711 });
  process.env['WINDLASS_DATABASE_FOLDER'] = outside;
});

afterEach(() => {
  delete process.env['WINDLASS_DATABASE_FOLDER'];
  rmSync(room, { recursive: true, force: true });
});

it('leaves databases of before where they are, while Postgres can use that folder', () => {
  const wanted = world('clone');
  mkdirSync(join(wanted, 'ref'), { recursive: true });
  expect(databaseFolder(wanted)).toBe(wanted);
  expect(lstatSync(wanted).isDirectory()).toBe(true);
  expect(readdirSync(outside)).toEqual([]);
});

it('gives a copied sandbox databases of its own, and a moved one its old ones', () => {
  const first = keptOutside('clone');
  cpSync(join(room, 'clone'), join(room, 'copy'), { recursive: true, verbatimSymlinks: true });
  const second = databaseFolder(world('copy'));
  expect(second).not.toBe(first);
  expect(version(first)).toBe('17');
  expect(version(second)).toBe('17');
  renameSync(join(room, 'copy'), join(room, 'moved'));
  const third = databaseFolder(world('moved'));
  expect(version(third)).toBe('17');
  expect(existsSync(second)).toBe(false);
  expect(databaseFolder(world('moved'))).toBe(third);
});

it('names databases that were lost, and makes no empty ones in their place', () => {
  rmSync(keptOutside('clone'), { recursive: true });
  expect(() => databaseFolder(world('clone'))).toThrow(
    expect.objectContaining({ code: 'DATABASE_FOLDER_LOST' }),
  );
});

const world = (clone: string) => join(room, clone, '.windlass', 'world', 'supabase');
const version = (folder: string) => readFileSync(join(folder, 'ref', 'PG_VERSION'), 'utf8');

/** A sandbox whose databases had to go outside, as an earlier start left it. */
function keptOutside(clone: string): string {
  const link = world(clone);
  const folder = join(outside, 'kept');
  mkdirSync(join(folder, 'ref'), { recursive: true });
  mkdirSync(join(link, '..'), { recursive: true });
  writeFileSync(join(folder, 'ref', 'PG_VERSION'), '17');
  writeFileSync(join(folder, 'owner'), link);
  symlinkSync(folder, link);
  expect(databaseFolder(link)).toBe(folder);
  return folder;
}
