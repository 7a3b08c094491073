import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const places = ['src', 'workflows', 'activities', 'infra', 'sandbox', 'Makefile'];
// Tests may speak of any service.
const tests = /(^|\/)tests\//;
const words =
  /wellness|habits|meals|movements|practices|voucher|\bshop\b|storefront|purchases|parcels/i;

/** Every line of the program that speaks of an example: it has to work for any system. */
export async function mentions(folder = root): Promise<readonly string[]> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', ...places];
  const { stdout } = await promisify(execFile)('git', list, { cwd: folder });
  const files = stdout.split('\n').filter((file) => file !== '' && !tests.test(file));
  const found = files.map(async (file) => {
    const text = await readFile(join(folder, file), 'utf8').catch(() => ''); // deleted, not committed
    return text
      .split('\n')
      .flatMap((line, at) => (words.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : []));
  });
  return (await Promise.all(found)).flat();
}

if (import.meta.main) {
  const found = await mentions();
  for (const line of found) process.stderr.write(`${line}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
