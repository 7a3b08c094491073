import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { stepsOf } from '../../src/step.ts';
import { deployTable } from '../../workflows/deploy.ts';

it('the table of the README is the table of the deploy', async () => {
  const readme = await readFile('README.md', 'utf8');
  const rows = [...readme.matchAll(/^\| `(\w+)`\s*\|.*\| (.*?)\s*\|$/gm)];
  const steps = stepsOf(deployTable(() => Promise.resolve({})));
  expect(rows.map(([, id]) => id)).toEqual(steps.map(({ id }) => id));
  const reasons = steps.map(({ undo }) => (typeof undo === 'function' ? undefined : undo.none));
  const written = rows.map(([, , undo], index) =>
    reasons[index] === undefined ? undefined : undo,
  );
  expect(written).toEqual(reasons);
});

it('the README has at most 100 lines', async () => {
  expect((await readFile('README.md', 'utf8')).split('\n').length).toBeLessThanOrEqual(101);
});
