import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { ownBundle } from '../src/temporal/versions/own-bundle.ts';

const root = resolve(import.meta.dirname, '..');
const code = ['src', 'activities', 'workflows', 'sandbox', 'infra'];
const tools = ['tools/python', 'tools/surroundings.sh'];
const leftOut = /(^|\/)(node_modules|\.venv|\.uv|__pycache__|\.terraform|\.ruff_cache|tests)(\/|$)/;
const specifier = /(\bfrom\s+|\bimport\s+|\bimport\(\s*)(['"])(\.{1,2}\/[^'"]+)\.ts\2/g;

/**
 * Makes `dist` for `npm pack`: our code as JavaScript, for Node strips no types below node_modules, and
 * all that it reads from beside itself. Nothing of an example, of a test or of this machine is in it.
 */
export async function makePackage(dist: string): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  for (const part of [...code, ...tools]) await copy(part, dist);
  const { code: workflows } = await ownBundle(join(root, '.windlass'));
  await writeFile(join(dist, 'workflows.bundle.js'), workflows);
}

async function copy(part: string, dist: string): Promise<void> {
  const filter = (from: string) => !leftOut.test(from.slice(root.length)) && !from.endsWith('.pyc');
  await cp(join(root, part), join(dist, part), { recursive: true, filter });
  if (!code.includes(part)) return;
  const files = await readdir(join(dist, part), { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.ts')))
    await compile(join(dist, part, file));
}

async function compile(file: string): Promise<void> {
  const text = stripTypeScriptTypes(await readFile(file, 'utf8'));
  const script = file.replace(/\.ts$/, '.js');
  await mkdir(dirname(script), { recursive: true });
  await writeFile(script, text.replaceAll(specifier, '$1$2$3.js$2'));
  await rm(file);
}

if (import.meta.main) await makePackage(join(root, 'dist'));
