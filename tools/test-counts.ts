import { z } from 'zod';

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});
type File = z.infer<typeof Report>['testResults'][number];

interface ExitCodes {
  readonly check: number;
  readonly test: number;
}

/**
 * What a run of all checks and tests amounts to. A file that failed without a failed test (it did not
 * load, or a hook broke), a failed `make check` and a runner that broke each count as one failure.
 */
export function summarise(report: unknown, codes: ExitCodes) {
  const parsed = Report.safeParse(report);
  const files = parsed.success ? parsed.data.testResults : [];
  const tests = files.flatMap((file) => file.assertionResults);
  const failures = files.flatMap(failuresOf);
  if (codes.check !== 0) failures.unshift('make check');
  if (files.length === 0) failures.push('the test runner left no result');
  else if (codes.test !== 0 && files.flatMap(failuresOf).length === 0)
    failures.push(`the test runner ended with ${codes.test} although no test failed`);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const skipped = tests.length - passed - tests.filter((test) => test.status === 'failed').length;
  const lines = failures.map((name) => `FAILED ${name}`);
  if (skipped > 0) lines.push(`left out: ${skipped}`);
  return { lines, passed, failed: failures.length };
}

function failuresOf(file: File): readonly string[] {
  const failed = file.assertionResults.filter((test) => test.status === 'failed');
  if (failed.length > 0) return failed.map((test) => `${file.name} > ${test.fullName}`);
  return file.status === 'passed' ? [] : [`${file.name}: ${file.message}`];
}
