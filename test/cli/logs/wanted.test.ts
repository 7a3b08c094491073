import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lineFor, toldLine } from '../../../src/cli/logs/log-lines.ts';
import { stepNames } from '../../../src/cli/logs/step-names.ts';
import { secondsIn, whose } from '../../../src/cli/logs/wanted.ts';

it('knows every step of every workflow', async () => {
  const files = (await readdir('workflows')).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(join('workflows', name), 'utf8')));
  const ids = texts.flatMap((text) =>
    [...text.matchAll(/\bid: '([a-z]+)'/g)].map(([, id = '']) => id),
  );
  expect(ids.length).toBeGreaterThan(20);
  expect(stepNames).toEqual([...new Set(ids)].toSorted((a, b) => (a < b ? -1 : 1)));
});

it('takes a name for a service first, then for a step, and nothing for all services', () => {
  expect(whose(undefined, ['a', 'smoke'])).toEqual({ services: ['a', 'smoke'] });
  expect(whose('smoke', ['a', 'smoke'])).toEqual({ services: ['smoke'] });
  expect(whose('smoke', ['a'])).toEqual({ step: 'smoke' });
});

it('refuses another name, and names the one that is near', () => {
  expect(() => whose('habit', ['habits'])).toThrow(
    expect.objectContaining({ code: 'USAGE', fix: 'Did you mean `habits`?' }),
  );
});

it.each([
  ['90s', 90],
  ['10m', 600],
  ['24h', 86_400],
])('reads %s', (text, seconds) => expect(secondsIn(text)).toBe(seconds));

it.each(['', '10', '0m', '-1h', '10 m', '1y', '366d', '10m;rm'])('refuses `%s`', (text) => {
  expect(() => secondsIn(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

const line = {
  ...{ id: '1', at: '2026-11-29T10:05:00.000Z', severity: 'ERROR', service: 'habits' },
  ...{ revision: 'habits-00001-abc', text: 'failed:\n  postgres://a:hunter2hunter2@db/x' },
};

it('shows a line with its service, indents what follows, and hides a password in it', () => {
  const shown = lineFor(line, 8);
  expect(shown).toMatch(/^\d\d:\d\d:\d\d habits {3}ERROR failed:\n {18}/);
  expect(shown + JSON.stringify(toldLine(line))).not.toContain('hunter2');
});
