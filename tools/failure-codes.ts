import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { format } from 'prettier';
import { toldIn } from './failures/told.ts';
import type { Told } from './failures/told.ts';
import { inSources } from './project-sources.ts';

const root = resolve(import.meta.dirname, '..');
const ours = /^(src|activities|workflows|infra|sandbox)\//;

/** docs/failures.md: every code with what happened, why, and what to do, as the code says it. */
export async function failureCodes(): Promise<string> {
  const found = inSources(resolve(root, 'tsconfig.json'), ours, toldIn);
  const codes = [...new Set(found.map(({ code }) => code))].sort();
  const text = [head, ...codes.map((code) => entry(code, found))].join('\n\n');
  return format(text, { parser: 'markdown', proseWrap: 'preserve' });
}

const head = `# Failure codes

Every failure says what happened, why, what to do, and a code that stays as it is. This list is made from the code
(\`node tools/failure-codes.ts\`); what is filled in stands as \`<name>\`, ENVIRONMENT is the one that the command
is about. Codes of Google, Supabase and Postgres stand in their own words behind "why".`;

function entry(code: string, found: readonly Told[]): string {
  const said = found.filter((one) => one.code === code).map(asItem);
  const items = [...new Set(said)].filter((item) => item !== '');
  return [
    `## ${code}`,
    '',
    ...(items.length > 0 ? items : ['- In the words of whatever failed.']),
  ].join('\n');
}

function asItem({ what, why, fix }: Told): string {
  const below = [
    ...(why === undefined ? [] : [`why: ${plain(why)}`]),
    ...(fix === undefined ? [] : [`fix: ${plain(fix)}`]),
  ];
  if (what === undefined) return below.map((line) => `- ${line}`).join('\n');
  return [`- ${plain(what)}`, ...below.map((line) => `  - ${line}`)].join('\n');
}

/** One line, in which nothing but commands is more than text. */
function plain(line: string): string {
  return line
    .replaceAll(/\s+/g, ' ')
    .split(/(`[^`]*`)/)
    .map((part, at) => (at % 2 === 1 ? part : part.replaceAll(/[<>*_[\]]/g, (sign) => `\\${sign}`)))
    .join('')
    .trim();
}

if (import.meta.main) await writeFile(resolve(root, 'docs', 'failures.md'), await failureCodes());
