import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { temporaryFolder } from '../temporary-folder.ts';
import type { Login } from './connect.ts';
import { postgresProgram } from './programs.ts';
import type { Restore } from './restore.ts';
import { clientFailed, runClient } from './run.ts';
import type { Run, Streams } from './run.ts';
import type { Entry } from './toc.ts';

/** One row of a dump, as text. */
export interface CopiedRow {
  readonly columns: readonly string[];
  readonly value: (column: string) => string | null;
}

/** The rows of one table of a dump, read without a database. */
export async function* copiedRows(
  login: Login,
  { dump, signal }: Restore,
  entry: Entry,
): AsyncGenerator<CopiedRow> {
  const folder = await temporaryFolder('restore');
  try {
    const list = join(folder, 'list');
    await writeFile(list, `${entry.line}\n`);
    const args = ['--data-only', `--use-list=${list}`, '--file=-'];
    const run = { program: postgresProgram('pg_restore'), args, login, signal };
    const through = new PassThrough();
    const sink = (output: AsyncIterable<Buffer>) => pipeline(Readable.from(output), through);
    const running = runToEnd(run, { input: dump(), sink });
    running.catch((error: Error) => through.destroy(error));
    yield* rowsOf(linesOf(through));
    await running;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runToEnd(run: Run, streams: Streams<void>): Promise<void> {
  const ended = await runClient(run, streams);
  if (!ended.ok) throw clientFailed(run, ended);
}

/** Lines by `\n` alone: a value may hold any other character that ends lines elsewhere. */
async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = '';
  for await (const piece of bytes) {
    const lines = (held + decoder.decode(piece, { stream: true })).split('\n');
    held = lines.pop() ?? '';
    yield* lines;
  }
  if (held !== '') yield held;
}

async function* rowsOf(lines: AsyncIterable<string>): AsyncGenerator<CopiedRow> {
  let columns: readonly string[] | undefined;
  for await (const line of lines) {
    const head = /^COPY .+? \((.+)\) FROM stdin;$/.exec(line)?.[1];
    if (columns === undefined) {
      if (head !== undefined) columns = namesOf(head);
      continue;
    }
    if (line === '\\.') columns = undefined;
    else yield rowOf(columns, line);
  }
}

function rowOf(columns: readonly string[], line: string): CopiedRow {
  const values = line.split('\t');
  return {
    columns,
    value: (column) => {
      const value = values[columns.indexOf(column)] ?? '\\N';
      return value === '\\N' ? null : unescaped(value);
    },
  };
}

/** `id, "order", email` as names. */
function namesOf(list: string): readonly string[] {
  const names = list.match(/"(?:[^"]|"")+"|[^", ]+/g) ?? [];
  return names.map((name) =>
    name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name,
  );
}

const letters: Readonly<Record<string, string>> = {
  ...{ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};

/** A value of COPY's text form, whose backslashes hide tabs, line ends and themselves. */
function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_all, letter: string) => letters[letter] ?? letter);
}
