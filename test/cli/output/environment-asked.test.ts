import { expect, it } from 'vitest';
import { withEnvironmentAsked } from '../../../src/cli/output/environment-asked.ts';

const fix = 'See `windlass plan -e ENVIRONMENT`.';

it.each([
  ['-e', 'staging'],
  ['-estaging'],
  ['--environment', 'staging'],
  ['--environment=staging'],
])('a fix names the environment that was asked for: %s %s', (...args) => {
  expect(withEnvironmentAsked(fix, ['deploy', ...args])).toBe('See `windlass plan -e staging`.');
});

it.each([[], ['-e'], ['-e', '$(rm -rf)'], ['-e', '--json'], ['--environments', 'staging']])(
  'what is no environment is not put into a command: %j',
  (...args) => {
    expect(withEnvironmentAsked(fix, ['deploy', ...args])).toBe(fix);
  },
);
