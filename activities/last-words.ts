import { lastLogLines } from '../src/gcp/logs.ts';
import type { Site } from '../src/site.ts';

// As many as the trace of an error has, with its cause at the top.
const count = 25;

/** What a revision said last, line by line, and how to see more: its log outlives it. */
export async function lastWords(
  { google, name }: Pick<Site, 'google' | 'name'>,
  which: { readonly service: string; readonly revision: string },
): Promise<string> {
  const lines = await lastLogLines(google, { ...which, count }).catch(() => []);
  const said = lines.length === 0 ? ['nothing'] : lines;
  return [
    `${which.service} (${which.revision}) said:`,
    ...said.map((line) => `  ${line.replaceAll('\n', '\n  ')}`),
    `  all of it: windlass logs ${which.service} -e ${name}`,
  ].join('\n');
}
