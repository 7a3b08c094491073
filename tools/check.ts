import { styleText } from 'node:util';
import { execa } from 'execa';
import { formatters, judges } from './checks.ts';
import type { Check } from './checks.ts';

const fix = process.argv.includes('--fix');
const results = await inParallel(fix ? 1 : 2, fix ? formatters : judges, run);
const failed = results.filter((passed) => !passed).length;
say(failed === 0 ? 'all checks passed' : `${failed} of ${results.length} checks failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function run(check: Check): Promise<boolean> {
  const started = Date.now();
  const [file, ...args] = check.command;
  const outcome = await execa(file, args, { all: true, reject: false, preferLocal: true });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const word = outcome.failed ? styleText('red', 'FAILED') : styleText('green', 'ok    ');
  say(`${word} ${check.name.padEnd(20)} ${seconds.padStart(5)} s  ${check.command.join(' ')}`);
  if (outcome.failed) say(outcome.all.trim() || outcome.shortMessage || '');
  return !outcome.failed;
}

async function inParallel<Item, Result>(
  width: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift())
      results.push(await work(item));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
