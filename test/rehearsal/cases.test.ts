import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createActivities } from '../../activities/index.ts';
import { allCases, shortCases, unlessAsked } from '../../src/rehearsal/cases.ts';
import { rehearsedSteps } from '../../src/rehearsal/steps.ts';

const place = { root: '/nowhere', home: '/nowhere' };

test('the full form breaks every step once before, during and after, in each class', () => {
  const cells = allCases().flatMap((one) => one.cells);
  const names = cells.map(({ step, when, class: kind }) => `${step} ${when} ${kind}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toHaveLength(rehearsedSteps.length * 3 * 3);
});

test('every step of a deploy that does work is broken', async () => {
  const text = await readFile('workflows/deploy.ts', 'utf8');
  const table = [...text.matchAll(/^ +id: '(\w+)'/gm)].map(([, id]) => id);
  const unbroken = table.filter((id) => !rehearsedSteps.some((step) => step.id === id));
  // In a rehearsal's sandbox no split follows LATEST and nothing leaves.
  expect(unbroken).toEqual(['approve', 'bind', 'remove']);
});

test('every step names an activity that there is', () => {
  const activities = Object.keys(createActivities(place));
  expect(activities).toEqual(
    expect.arrayContaining(rehearsedSteps.map(({ activity }) => activity)),
  );
});

test('every case ends with the world as it was', () => {
  for (const { name, legs } of allCases()) expect(legs.at(-1)?.world, name).toBe('before');
});

test('the short form is part of the full one, and breaks every step', () => {
  const names = allCases().map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(shortCases().map(({ name }) => name)));
  const steps = new Set(shortCases().flatMap(({ cells }) => cells.map(({ step }) => step)));
  expect(steps.size).toBe(rehearsedSteps.length);
});

test('one step alone is broken in all nine ways', () => {
  const cells = allCases(['secrets']).flatMap((one) => one.cells);
  expect(cells.map(({ step }) => step)).toEqual(Array.from({ length: 9 }, () => 'secrets'));
});

test('where nobody asks a service, its wrong answer gives way to a broken smoke test', () => {
  const wrong = allCases().find(({ name }) => name === 'permanent during smoke');
  if (wrong === undefined) throw new Error('there is no such case');
  expect(unlessAsked(wrong, true)).toBe(wrong);
  const broken = unlessAsked(wrong, false);
  expect(broken.refusal).toBeUndefined();
  expect(broken.planted).toMatchObject([{ activity: 'smokeTest', when: 'during', class: 'undo' }]);
  expect(broken.legs).toEqual(wrong.legs);
});
