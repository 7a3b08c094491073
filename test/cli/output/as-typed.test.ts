import { expect, it } from 'vitest';
import { asTyped } from '../../../src/cli/output/as-typed.ts';

it.each([
  ['`bin/windlass undo retry x -e production`', '`npx windlass undo retry x -e production`'],
  ['Run `make setup`, or install it.', 'Run `npx windlass setup`, or install it.'],
  ['Start it with `make sandbox-up`.', 'Start it with `npx windlass sandbox up`.'],
  ['`make staging-recover` brings it back', '`npx windlass recover -e staging` brings it back'],
  ['make my-shop-deploy', 'npx windlass deploy -e my-shop'],
  ['`make staging-recover ARGS=--reconcile`', '`npx windlass recover -e staging --reconcile`'],
  [
    "`make production-deploy ARGS='--accept service:a'`",
    '`npx windlass deploy -e production --accept service:a`',
  ],
])('%s is said as an installed command is typed', (text, typed) => {
  expect(asTyped(text, 'npx windlass')).toBe(typed);
});

it.each(['/srv/windlass/bin/windlass', 'make it so', 'someone will make a plan'])(
  '%s stays as it is',
  (text) => {
    expect(asTyped(text, 'npx windlass')).toBe(text);
  },
);
