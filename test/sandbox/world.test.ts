import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { operationBody, startOperation } from '../../sandbox/google/operations.ts';
import { openWorld as open, type World } from '../../sandbox/world.ts';

const Thing = z.object({ size: z.number() });

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'windlass-world-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function openWorld(folder: string): World {
  const world = open(folder);
  onTestFinished(() => world.close());
  return world;
}

test('what was set is read again by the next opening, and nothing half-written lies about', () => {
  const folder = newFolder();
  const world = openWorld(folder);
  world.collection('things', Thing).set('a', { size: 1 });
  world.collection('things', Thing).set('b', { size: 2 });
  world.collection('things', Thing).delete('b');
  world.close();
  expect(openWorld(folder).collection('things', Thing).list()).toEqual([['a', { size: 1 }]]);
  expect(readdirSync(folder)).toEqual(['things.json']);
});

test('a value that was read is a copy: only set changes the world', () => {
  const things = openWorld(newFolder()).collection('things', Thing);
  things.set('a', { size: 1 });
  const read = things.get('a');
  if (read !== undefined) read.size = 99;
  expect(things.get('a')).toEqual({ size: 1 });
});

test('a record that does not fit its schema is refused, going in and coming out', () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'things.json'), '{"a":{"size":"big"}}');
  const world = openWorld(folder);
  expect(() => world.collection('things', Thing).get('a')).toThrow('expected number');
  const positive = world.collection('sizes', z.number().positive());
  expect(() => positive.set('a', -1)).toThrow('expected number to be >0');
});

test('an operation of a server that died has failed; a finished one has not', async () => {
  const folder = newFolder();
  const world = openWorld(folder);
  startOperation(world, { name: 'operations/slow' }, () => new Promise(() => undefined));
  startOperation(world, { name: 'operations/quick', responseType: 'x.Y' }, () => ({ a: 1 }));
  await new Promise((resolve) => setImmediate(resolve));
  expect(operationBody(world, 'operations/slow')).toMatchObject({ done: false });
  world.close();
  const next = openWorld(folder);
  expect(operationBody(next, 'operations/slow')).toMatchObject({ done: true, error: { code: 10 } });
  expect(operationBody(next, 'operations/quick')).toMatchObject({
    done: true,
    response: { '@type': 'type.googleapis.com/x.Y', a: 1 },
  });
});

test('a closed world leaves its files to the next one', () => {
  const folder = newFolder();
  const world = openWorld(folder);
  const things = world.collection('things', Thing);
  things.set('a', { size: 1 });
  world.close();
  things.set('a', { size: 2 });
  world.close();
  expect(openWorld(folder).collection('things', Thing).get('a')).toEqual({ size: 1 });
});
