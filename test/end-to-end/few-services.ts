import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Enough of the sample for whoever asks nothing of the services themselves. */
const few: readonly string[] = ['gateway', 'agent', 'journal', 'habits', 'meals'];

/** Leaves a copy of the sample five of its eight services: a deploy of it takes two thirds of the time. */
export async function keepFewServices(root: string): Promise<void> {
  const file = join(root, 'windlass.yaml');
  await writeFile(file, withFew(await readFile(file, 'utf8')));
}

/** The sample's windlass.yaml without the other services, their tables and who may read them. */
export function withFew(config: string): string {
  const { begin = '', services = '', rest = '' } = parts.exec(config)?.groups ?? {};
  const kept = services
    .split(/^(?= {2}\w)/m)
    .filter((block) => few.includes(/^ {2}(\w+):/.exec(block)?.[1] ?? ''))
    .join('');
  return `${begin}${kept}${rest}`
    .replace(/^access: .*\n/m, '')
    .replace(/^smoke:\n(?: {2}.*\n)+/m, '')
    .replace(/calls: \[[^\]]*\]/, `calls: [${few.slice(1).join(', ')}]`)
    .replaceAll('exposedSchemas: [public, users]', 'exposedSchemas: [public]');
}

const parts = /^(?<begin>[^]*?^services:\n)(?<services>(?: {2}.*\n)+)(?<rest>[^]*)$/m;
