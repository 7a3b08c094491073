import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { AddressBook } from '../../src/address-book.ts';

/** The doors of a running server: the address book without Temporal. */
export const Doors = AddressBook.omit({ temporal: true });
export type Doors = z.infer<typeof Doors>;

/** Writes `<home>/run/doors.json`; it holds tokens, so only its owner may read it. */
export function writeDoors(home: string, doors: Doors): void {
  mkdirSync(join(home, 'run'), { recursive: true });
  writeWhole(join(home, 'run', 'doors.json'), doors);
}

/** The doors that the server of this home wrote when it was ready. */
export function readDoors(home: string): Doors {
  return Doors.parse(JSON.parse(readFileSync(join(home, 'run', 'doors.json'), 'utf8')));
}

/** Writes `<home>/sandbox.json`. */
export function writeBook(home: string, book: AddressBook): void {
  writeWhole(join(home, 'sandbox.json'), book);
}

function writeWhole(file: string, value: object): void {
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(value, undefined, 2)}\n`, {
    mode: 0o600,
  });
  renameSync(`${file}.${process.pid}`, file);
}
