import { expect, it } from 'vitest';
import { isReleaseObject, isStateObject } from '../../src/destruction/own-objects.ts';

it.each([
  ['10-foundation/default.tfstate', true],
  ['20-services-europe-west4/default.tflock', true],
  ['trust/anchor.json', true],
  ['10-foundation/notes.txt', false],
  ['30-own/default.tfstate', false],
])('the state bucket’s %s is its own: %s', (name, own) => {
  expect(isStateObject(name)).toBe(own);
});

it.each([
  ['backups/run/manifest.json', true],
  ['environment.json', true],
  ['report.json', false],
  ['photos/backups/one.png', false],
])('the release bucket’s %s is its own: %s', (name, own) => {
  expect(isReleaseObject(name)).toBe(own);
});
