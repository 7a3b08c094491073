import { expect, it } from 'vitest';
import { startIssues } from '../../src/config/start-issues.ts';

it.each([
  '--password=x',
  'API_TOKEN=x',
  'postgres://a:b@c/d',
  '--url=postgres://a:b@c/d',
  'sk_live',
])('the word %s of a command line is taken for a secret', (word) => {
  expect(startIssues({ command: ['serve', word], args: [word] })).toMatchObject([
    { path: ['command', '1'] },
    { path: ['args', '0'] },
  ]);
});

it.each(['--key-file=/secrets/key/value', '--token=', '--port=8080', 'keys', 'https://a.b/c'])(
  'the word %s is none',
  (word) => {
    expect(startIssues({ args: [word] })).toEqual([]);
  },
);
