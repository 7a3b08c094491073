import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StackName } from '../../deploy.ts';
import { runFiles } from '../../terraform/run-files.ts';
import { readOrNothing } from '../../terraform/run-record.ts';
import { readStream } from '../../terraform/stream.ts';

/** The terraform commands of a step: of which stacks, and whether they apply or plan. */
const commands: Readonly<Record<string, Commands>> = {
  plan: { stacks: ['10-foundation', '20-services'], command: 'plan' },
  foundation: { stacks: ['10-foundation'], command: 'apply' },
  services: { stacks: ['20-services'], command: 'apply' },
};

interface Commands {
  readonly stacks: readonly StackName[];
  readonly command: 'plan' | 'apply';
}

/** What terraform said on this machine in a step of a run and in its undo, oldest first. */
export async function terraformLines(
  home: string,
  runId: string,
  step: string,
): Promise<readonly string[]> {
  const wanted = commands[step];
  if (wanted === undefined) return [];
  const above = join(home, 'runs');
  const runs = (await namesIn(above)).filter((name) => name.startsWith(runId));
  const found = runs.map(async (run) => {
    const folders = (await namesIn(join(above, run))).filter((name) =>
      wanted.stacks.some((stack) => name.endsWith(`-${stack}`)),
    );
    return Promise.all(folders.map((name) => saidIn(join(above, run, name), wanted.command)));
  });
  return (await Promise.all(found)).flat(2);
}

async function saidIn(folder: string, command: string): Promise<readonly string[]> {
  const runs = await namesIn(join(folder, 'runs'));
  const said = runs
    .filter((name) => name.startsWith(`${command}-`))
    .map(async (name) => {
      const { stdout, stderr } = runFiles(join(folder, 'runs', name));
      const [out = '', err = ''] = await Promise.all([stdout, stderr].map(readOrNothing));
      return readStream(out, err).events.flatMap(({ text }) => (text === '' ? [] : [text]));
    });
  return (await Promise.all(said)).flat();
}

/** Sorted, so that `apply-2` follows `apply-1` and an undo its run. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
