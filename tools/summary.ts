import { readFile } from 'node:fs/promises';
import { summarise } from './test-counts.ts';

// summary.ts RESULTS CHECK TEST: the last line of CI, from the runner's own JSON and two exit codes.
const [file = '', check = '1', test = '1'] = process.argv.slice(2);
const report: unknown = await readFile(file, 'utf8').then(JSON.parse, () => undefined);
const { lines, passed, failed } = summarise(report, { check: Number(check), test: Number(test) });
for (const line of [...lines, `${passed} passed, ${failed} failed`])
  process.stdout.write(`${line}\n`);
process.exitCode = failed === 0 ? 0 : 1;
