import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIgnore } from '../../../src/images/context/ignore.ts';
import { readContext } from '../../../src/images/context/read-context.ts';
import { stageContext } from '../../../src/images/context/stage-context.ts';
import { sourceFiles } from '../../../src/images/source-files.ts';
import { temporaryFolder } from '../../setup/process.ts';

let room: string;
let folder: string;
beforeEach(async () => {
  room = await temporaryFolder('context');
  folder = join(room, 'app');
});
afterEach(() => rm(room, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const paths = async (dockerfile?: string) =>
  (await readContext(folder, dockerfile)).entries
    .filter(({ kind }) => kind !== 'folder')
    .map(({ path }) => path);

describe('a .dockerignore decides as the builders do', () => {
  it.each([
    ['*.md', 'README.md', 'out'],
    ['*.md', 'docs/README.md', undefined],
    ['**/*.md', 'docs/a/README.md', 'out'],
    ['**/*.md', 'README.md', 'out'],
    ['docs', 'docs/a/b.txt', 'out'],
    ['/docs/', 'docs/a', 'out'],
    ['./docs', 'docs', 'out'],
    ['docs\n!docs/keep', 'docs/keep', 'in'],
    ['!keep\n*', 'keep', 'out'],
    ['a?c', 'abc', 'out'],
    ['a?c', 'a/c', undefined],
    ['[ab].txt', 'b.txt', 'out'],
    ['# a comment\n\n  x  ', 'x', 'out'],
    ['**', 'a/b', 'out'],
    ['a/**', 'a/b/c', 'out'],
    ['a/**/c', 'a/c', 'out'],
    ['a.b', 'aXb', undefined],
    ['../x', 'x', 'out'],
    ['\\!odd', '!odd', 'out'],
  ])('%j for %s: %s', (text, path, decision) => {
    expect(readIgnore(text).decide(path)).toBe(decision);
  });
});

describe('a build context', () => {
  it('holds files, folders and links, and knows which may be executed', async () => {
    await write({ 'a/run.sh': 'x', 'b.txt': 'y' });
    await chmod(join(folder, 'a/run.sh'), 0o755);
    await symlink('../b.txt', join(folder, 'a/link'));
    const { entries } = await readContext(folder);
    expect(entries.map(({ path, kind }) => [path, kind])).toEqual([
      ['a', 'folder'],
      ['a/link', 'link'],
      ['a/run.sh', 'executable'],
      ['b.txt', 'file'],
    ]);
  });

  it('leaves out what a machine leaves behind, unless a line takes it in', async () => {
    await write({
      'main.js': '',
      'node_modules/x/index.js': '',
      '.git/HEAD': '',
      '__pycache__/a.pyc': '',
      'b.pyc': '',
    });
    expect(await paths()).toEqual(['main.js']);
    await write({ '.dockerignore': '!node_modules' });
    expect(await paths()).toEqual(['.dockerignore', 'main.js', 'node_modules/x/index.js']);
  });

  it('has a .dockerignore of its own for a Dockerfile', async () => {
    await write({ a: '', b: '', '.dockerignore': 'a' });
    expect(await paths()).toEqual(['.dockerignore', 'b']);
    await writeFile(join(room, 'Dockerfile.dockerignore'), 'b\n.dockerignore');
    expect(await paths(join(room, 'Dockerfile'))).toEqual(['a']);
  });

  it('takes in again what stands below a folder that is left out', async () => {
    await write({ 'docs/a': '', 'docs/keep/b': '', '.dockerignore': 'docs\n!docs/keep\n.docker*' });
    expect(await paths()).toEqual(['docs/keep/b']);
  });

  it('is staged file for file; one that changed in the meantime is refused', async () => {
    await write({ 'a/b': '1', '.env': 'S=1' });
    const context = await readContext(folder);
    await stageContext(context, join(room, 'staged'));
    expect((await readContext(join(room, 'staged'))).entries).toEqual(context.entries);
    await write({ 'a/b': '2' });
    await expect(stageContext(context, join(room, 'again'))).rejects.toMatchObject({
      code: 'BUILD_CONTEXT_CHANGED',
    });
  });
});

const key = '-----BEGIN RSA PRIVATE KEY-----\nMII\n';
const secrets = {
  '.env': 'A=1',
  '.env.production': 'A=1',
  'prod.env': 'A=1',
  'key.pem': key,
  'a/tls.key': key,
  id_rsa: 'x',
  id_ed25519: 'x',
  '.npmrc': '//r/:_authToken=x',
  '.netrc': 'x',
  'client_secret_1.json': '{}',
  'gcp.json': '{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----"}',
  '.aws/credentials': 'x',
  'store.p12': 'x',
  'terraform.tfstate': '{}',
  deploykey: '-----BEGIN OPENSSH PRIVATE KEY-----\nx',
};
const harmless = {
  '.env.example': 'A=',
  'ca.pem': '-----BEGIN CERTIFICATE-----\nMII\n',
  'package.json': '{"name":"x"}',
  'id_rsa.py': 'x',
  'environment.ts': '',
};

describe('what looks like a secret', () => {
  it('never gets into a context or an image, and is named', async () => {
    await write({ ...secrets, ...harmless });
    const names = Object.keys(secrets).sort();
    const { heldBack } = await readContext(folder);
    expect(heldBack).toEqual(names);
    expect(await paths()).toEqual(Object.keys(harmless).sort());
    const { entries, heldBack: alsoBack } = await sourceFiles(folder);
    expect(alsoBack).toEqual(names);
    expect(entries.flatMap(({ path, bytes }) => (bytes ? [path] : [])).sort()).toEqual(
      Object.keys(harmless).sort(),
    );
  });

  it('gets in where a line of .dockerignore names it', async () => {
    await write({ 'test.pem': key, 'b.pem': key, '.dockerignore': '!test.pem\n.dockerignore' });
    expect(await paths()).toEqual(['test.pem']);
  });
});
