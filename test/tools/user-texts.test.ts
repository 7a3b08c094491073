import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const folders = ['src', 'activities', 'workflows', 'sandbox', 'infra', 'docs'];
const files = ['README.md', 'Makefile'];
const quaint = [
  /wound back/i,
  /\bwinds?( it| itself| them| all of it)? back/i,
  /\bmend\b(?!\(|')/i,
  /nobody to ask/i,
  /says too little/i,
  /harms nobody/i,
  /did not foresee/i,
  /behind the deploys/i,
  /traffic over\b/i,
  /let go of/i,
  /by the clock/i,
  /have the budget say/i,
  /nothing to do: it is tried/i,
];

const texts = await readTexts();

it.each(quaint)('no text that a user reads holds %s', (phrase) => {
  const found = texts.flatMap(([file, text]) =>
    text.split('\n').flatMap((line) => (phrase.test(line) ? [`${file}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});

async function readTexts(): Promise<readonly (readonly [file: string, text: string])[]> {
  const read: [string, string][] = [];
  for (const file of await textFiles())
    read.push([file, userText(file, await readFile(file, 'utf8'))]);
  return read;
}

async function textFiles(): Promise<readonly string[]> {
  const all = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(folder, { recursive: true });
      return entries.map((entry) => `${folder}/${entry}`);
    }),
  );
  const shown = all.flat().filter((file) => /\.(ts|tf|md|json)$/.test(file));
  return [...shown.filter((file) => !file.startsWith('docs/decisions/')), ...files];
}

/** Of code its quoted texts alone; names and comments are for those who change it. */
function userText(file: string, content: string): string {
  if (!/\.(ts|tf)$/.test(file)) return content;
  const code = content
    .replaceAll(/\/\*[^]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/^\s*(\/\/|import |export .* from |#).*$/gm, '')
    .replaceAll(/ \/\/ .*$/gm, '');
  return code.replaceAll(/^.*$/gm, (line) => (line.match(/['"`].*/) ?? [''])[0]);
}
