import type { Node, ParseResult } from 'libpg-query';

/** One statement as Postgres' own grammar reads it, and its text in one line without comments. */
export interface Statement {
  /** undefined where the grammar refuses it: `why` says what the parser said. */
  readonly node: Node | undefined;
  readonly text: string;
  readonly why?: string;
}

type Parse = (sql: string) => ParseResult;
let parse: Promise<Parse> | undefined;

/**
 * Reads SQL by the grammar of Postgres 17. SQL that it refuses is one statement without a node: it
 * may be that of a newer server. The parser is loaded at the first call.
 */
export async function readSql(sql: string): Promise<readonly Statement[]> {
  if (oneLine(sql) === '') return [];
  parse ??= load();
  const read = await parse;
  const bytes = Buffer.from(sql);
  try {
    const { stmts = [] } = read(sql);
    return stmts.flatMap(({ stmt, stmt_location: from = 0, stmt_len: length = 0 }) => {
      if (!stmt) return [];
      const end = length === 0 ? bytes.length : from + length;
      return [{ node: stmt, text: oneLine(bytes.subarray(from, end).toString()) }];
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ node: undefined, text: oneLine(sql), why: `is no SQL of Postgres 17 (${why})` }];
  }
}

async function load(): Promise<Parse> {
  const { loadModule, parseSync } = await import('libpg-query');
  await loadModule();
  return parseSync;
}

const hiding = /('(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[^]*?\$\2\$)|--[^\n]*|\/\*[^]*?\*\//g;

function oneLine(text: string): string {
  const bare = text.replaceAll(hiding, (_, kept: string | undefined) => kept ?? ' ');
  return bare.replaceAll(/\s+/g, ' ').trim().replace(/;$/, '');
}
