import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

it('the table of the README is the table of the deploy', async () => {
  const readme = await readFile('README.md', 'utf8');
  const rows = [...readme.matchAll(/^\| `(\w+)`\s*\|.*\| (.*?)\s*\|$/gm)];
  const table = await readFile('workflows/deploy.ts', 'utf8');
  const steps = [...table.matchAll(/id: '(\w+)'.*?undo: (?:\{ none: '([^']+)' \}|\(d\))/gs)];
  expect(rows.map(([, id]) => id)).toEqual(steps.map(([, id]) => id));
  const reasons = steps.map(([, , reason]) => reason);
  const written = rows.map(([, , undo], index) =>
    reasons[index] === undefined ? undefined : undo,
  );
  expect(written).toEqual(reasons);
  expect(steps.length).toBeGreaterThan(10);
});

it('the README has at most 100 lines', async () => {
  expect((await readFile('README.md', 'utf8')).split('\n').length).toBeLessThanOrEqual(101);
});
