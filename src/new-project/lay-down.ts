import { existsSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasTargets, makeTargets, newMakefile } from './make-targets.ts';

/** What was done with a file, in words. */
export interface LaidDown {
  readonly file: string;
  readonly done: string;
}

/** Writes a new project's files; what is there already is added to at its end, or stays. */
export async function layDown(
  root: string,
  config: string,
  command: string,
): Promise<readonly LaidDown[]> {
  await writeFile(join(root, 'windlass.yaml'), config, { flag: 'wx' });
  return [
    { file: 'windlass.yaml', done: 'written' },
    await layMakefile(root, command),
    await layIgnored(root),
  ];
}

async function layMakefile(root: string, command: string): Promise<LaidDown> {
  const names = ['GNUmakefile', 'makefile', 'Makefile']; // as make looks for them
  const file = names.find((name) => existsSync(join(root, name)));
  if (file === undefined) {
    await writeFile(join(root, 'Makefile'), newMakefile(command), { flag: 'wx' });
    return { file: 'Makefile', done: 'written' };
  }
  const before = await readFile(join(root, file), 'utf8');
  if (hasTargets(before))
    return { file, done: 'left as it is: it has targets of these names already' };
  await appendFile(join(root, file), `${gap(before)}${makeTargets(command)}`);
  return { file, done: 'targets added at its end' };
}

async function layIgnored(root: string): Promise<LaidDown> {
  const file = '.gitignore';
  const before = await readFile(join(root, file), 'utf8').catch(() => '');
  if (/^\/?\.windlass\/?\s*$/m.test(before)) return { file, done: 'left as it is' };
  const end = before === '' || before.endsWith('\n') ? '' : '\n';
  await appendFile(join(root, file), `${end}.windlass/\n`);
  return { file, done: before === '' ? 'written' : '.windlass/ added' };
}

function gap(before: string): string {
  if (before === '') return '';
  return before.endsWith('\n') ? '\n' : '\n\n';
}
