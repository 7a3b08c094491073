/** One statement: its words in lower case (quoted names as they stand), and its text in one line. */
export interface Statement {
  /** A qualified name is one word, a literal is `'…'`, comments are gone. */
  readonly words: readonly string[];
  readonly text: string;
}

/**
 * Splits SQL into its statements. It knows literals, quoted names, dollar quotes and nested
 * comments, which is all that can hide a semicolon; it does not know the grammar.
 */
export function readSql(sql: string): readonly Statement[] {
  const statements: Statement[] = [];
  let words: string[] = [];
  let texts: string[] = [];
  for (const { kind, text } of tokens(sql)) {
    if (kind === 'end') {
      if (words.length > 0) statements.push({ words, text: oneLine(texts) });
      [words, texts] = [[], []];
    } else {
      texts.push(text);
      if (kind === 'word') addWord(words, text.startsWith('"') ? unquoted(text) : text);
      if (kind === 'literal') words.push(`'…'`);
    }
  }
  if (words.length > 0) statements.push({ words, text: oneLine(texts) });
  return statements;
}

/** `a`, `.`, `b` are one word: `a.b`. */
function addWord(words: string[], text: string): void {
  const last = words.at(-1);
  const joins = text === '.' || last?.endsWith('.') === true;
  const word = text.startsWith('"') ? text : text.toLowerCase();
  if (joins && last !== undefined) words[words.length - 1] = `${last}${word}`;
  else words.push(word);
}

type Kind = 'word' | 'literal' | 'space' | 'end';

const patterns: readonly (readonly [Kind, RegExp])[] = [
  ['space', /\s+|--[^\n]*/y],
  ['literal', /[eE]'(?:[^'\\]|''|\\[^])*'|'(?:[^']|'')*'|\$(\w*)\$[^]*?\$\1\$/y],
  ['word', /"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*|[\d.]+|[^\s;]/uy],
  ['end', /;/y],
];

function* tokens(sql: string): Generator<{ readonly kind: Kind; readonly text: string }> {
  let at = 0;
  while (at < sql.length) {
    const comment = commentEnd(sql, at);
    if (comment > at) {
      at = comment;
      continue;
    }
    const [kind, text] = nextToken(sql, at);
    at += text.length;
    yield { kind, text };
  }
}

function nextToken(sql: string, at: number): readonly [Kind, string] {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(sql);
    if (found) return [kind, found[0]];
  }
  return ['word', sql.slice(at)];
}

/** The end of the block comment that begins here; they nest. */
function commentEnd(sql: string, start: number): number {
  if (!sql.startsWith('/*', start)) return start;
  let [depth, at] = [0, start];
  do {
    if (sql.startsWith('/*', at)) [depth, at] = [depth + 1, at + 2];
    else if (sql.startsWith('*/', at)) [depth, at] = [depth - 1, at + 2];
    else at += 1;
  } while (depth > 0 && at < sql.length);
  return at;
}

/** A quoted name that needs no quotes is the same name without them. */
function unquoted(text: string): string {
  const plain = text.slice(1, -1);
  return /^[a-z_][a-z0-9_$]*$/.test(plain) ? plain : text;
}

function oneLine(texts: readonly string[]): string {
  return texts.join('').replaceAll(/\s+/g, ' ').trim();
}
