import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Every environment variable named in the sources that a program of ours imports, itself included. */
export async function variablesRead(entry: string): Promise<ReadonlySet<string>> {
  const texts = await Promise.all([...(await importedBy(entry))].map(source));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/process\.env\['([A-Z_]+)'\]/g)].map(first)),
  );
}

async function importedBy(entry: string): Promise<ReadonlySet<string>> {
  const seen = new Set([entry]);
  for (const file of seen) {
    for (const specifier of [...(await source(file)).matchAll(/from '(\.[^']+\.ts)'/g)].map(first))
      seen.add(join(dirname(file), specifier));
  }
  return seen;
}

function source(file: string): Promise<string> {
  return readFile(file, 'utf8');
}

function first(match: RegExpExecArray): string {
  return match[1] ?? '';
}
