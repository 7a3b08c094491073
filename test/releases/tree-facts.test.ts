import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { treeFacts, treeInMetadata, treeMetadata } from '../../src/releases/tree-facts.ts';
import { treeLine } from '../../src/tree-facts.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'windlass-tree-'));
  await writeFile(join(root, 'windlass.yaml'), 'name: sample\n');
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function git(...args: readonly string[]): Promise<string> {
  const who = ['-c', 'user.name=tester', '-c', 'user.email=tester@example.com'];
  return (await execa('git', ['-C', root, ...who, ...args])).stdout;
}

async function committed(): Promise<string> {
  await git('init', '--quiet', '--initial-branch', 'trunk');
  await git('add', '.');
  await git('commit', '--quiet', '--message', 'All');
  return git('rev-parse', 'HEAD');
}

it('names commit and branch of a clean tree', async () => {
  const commit = await committed();
  const facts = await treeFacts(root);
  expect(facts).toEqual({ commit, branch: 'trunk', dirty: false });
  expect(treeLine(facts)).toBe(`${commit.slice(0, 12)} on trunk`);
});

it.each([
  ['a changed file', 'windlass.yaml'],
  ['a file that git does not know', 'new.py'],
])('calls a tree with %s dirty', async (_name, file) => {
  await committed();
  await writeFile(join(root, file), 'name: other\n');
  const facts = await treeFacts(root);
  expect(facts).toMatchObject({ dirty: true });
  expect(treeLine(facts)).toMatch(/ on trunk, with uncommitted changes$/);
});

it('does not count what Windlass itself keeps there', async () => {
  await committed();
  await mkdir(join(root, '.windlass'));
  await writeFile(join(root, '.windlass', 'sandbox.json'), '{}');
  expect(await treeFacts(root)).toMatchObject({ dirty: false });
});

it('has no branch where a commit is checked out by its id', async () => {
  const commit = await committed();
  await git('checkout', '--quiet', '--detach');
  expect(await treeFacts(root)).toEqual({ commit, branch: null, dirty: false });
});

it('says why there is no commit', async () => {
  expect(await treeFacts(root)).toEqual({ none: 'not a git checkout' });
  await git('init', '--quiet');
  expect(await treeFacts(root)).toEqual({ none: 'a git checkout without a commit' });
  await git('commit', '--quiet', '--allow-empty', '--message', 'Nothing');
  expect(await treeFacts(root)).toEqual({ none: 'windlass.yaml is not in git' });
});

it('looks at its own folder, whatever repository a hook of git names', async () => {
  const commit = await committed();
  process.env['GIT_DIR'] = '/nowhere/.git';
  try {
    expect(await treeFacts(root)).toMatchObject({ commit });
  } finally {
    delete process.env['GIT_DIR'];
  }
});

it('is read back from the metadata of an object, and nothing is read from anything else', async () => {
  const facts = { commit: 'c'.repeat(40), branch: null, dirty: true };
  expect(treeInMetadata(treeMetadata(facts))).toEqual(facts);
  for (const odd of [undefined, {}, { tree: 'no json' }, { tree: '{"commit":1}' }])
    expect(treeInMetadata(odd)).toBeUndefined();
});
