import { describe, expect, test } from 'vitest';
import { summarise } from '../../tools/test-counts.ts';

const fine = { check: 0, test: 0 };
const broken = { check: 0, test: 1 };

describe('the last line of CI', () => {
  test('counts each test of a good run', () => {
    const report = {
      testResults: [file('passed', ['passed', 'passed']), file('passed', ['passed'])],
    };
    expect(summarise(report, fine)).toEqual({ lines: [], passed: 3, failed: 0 });
  });

  test('names each failed test', () => {
    const report = { testResults: [file('failed', ['passed', 'failed'])] };
    const { lines, passed, failed } = summarise(report, broken);
    expect({ lines, passed, failed }).toEqual({
      lines: ['FAILED a.test.ts > test 1'],
      passed: 1,
      failed: 1,
    });
  });

  test('counts a file that did not load as a failure', () => {
    const report = { testResults: [file('passed', ['passed']), file('failed', [])] };
    expect(summarise(report, broken)).toMatchObject({ passed: 1, failed: 1 });
  });

  test('counts a hook that broke after its tests as a failure', () => {
    const report = { testResults: [file('failed', ['passed'])] };
    expect(summarise(report, broken)).toMatchObject({ passed: 1, failed: 1 });
  });

  test('counts a failed check as a failure, whatever the tests said', () => {
    const report = { testResults: [file('passed', ['passed'])] };
    expect(summarise(report, { check: 2, test: 0 })).toEqual({
      lines: ['FAILED make check'],
      passed: 1,
      failed: 1,
    });
  });

  test('does not believe a runner that broke although every test passed', () => {
    const report = { testResults: [file('passed', ['passed'])] };
    expect(summarise(report, broken)).toMatchObject({ passed: 1, failed: 1 });
  });

  test.each([undefined, null, {}, { testResults: [] }, { testResults: 'none' }])(
    'does not believe a run without results (%j)',
    (report) => {
      expect(summarise(report, fine)).toMatchObject({ passed: 0, failed: 1 });
    },
  );

  test('says how many tests were left out', () => {
    const report = { testResults: [file('passed', ['passed', 'skipped', 'todo'])] };
    expect(summarise(report, fine)).toEqual({ lines: ['left out: 2'], passed: 1, failed: 0 });
  });
});

function file(status: string, tests: readonly string[]) {
  const assertionResults = tests.map((word, index) => ({
    status: word,
    fullName: `test ${index}`,
  }));
  return { name: 'a.test.ts', status, message: '', assertionResults };
}
