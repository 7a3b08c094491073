import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { program } from '../../src/cli/program.ts';

const pages = ['docs/first-cloud-deploy.md', 'examples/ci/github-actions.yml'];
const call = /(?:npx )?windlass ((?:[a-z][\w-]*)(?: [^`\n|)]*)?)/g;

/** The calls of `windlass` on a page, as their words. */
async function callsOn(page: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(page, 'utf8');
  const lines = text.split('\n').filter((line) => /npx windlass|`windlass /.test(line));
  return lines.flatMap((line) =>
    [...line.matchAll(call)].map(([, words = '']) => words.trim().split(/\s+/)),
  );
}

describe.each(pages)('%s', (page) => {
  it('names commands and options that there are', async () => {
    const root = await program();
    const calls = await callsOn(page);
    expect(calls.length).toBeGreaterThan(1);
    for (const words of calls) expect(unknownIn(root, words), words.join(' ')).toEqual([]);
  });
});

it('the pipeline is YAML with the two jobs that the page names', async () => {
  const pipeline: unknown = parse(await readFile('examples/ci/github-actions.yml', 'utf8'));
  expect(pipeline).toMatchObject({
    permissions: { 'id-token': 'write' },
    jobs: { plan: { if: expect.stringContaining('pull_request') }, deploy: expect.anything() },
  });
  expect(JSON.stringify(pipeline)).not.toContain('credentials_json');
});

/** Words that are no command, and options that the command does not take. */
function unknownIn(root: CommandUnknownOpts, words: readonly string[]): readonly string[] {
  let at = root;
  const unknown: string[] = [];
  for (const word of words) {
    const below = at.commands.find((one) => one.name() === word);
    if (below) at = below;
    else if (at === root) unknown.push(word);
    else if (
      word.startsWith('-') &&
      !at.options.some((option) => [option.short, option.long].includes(word))
    )
      unknown.push(word);
  }
  return unknown;
}
