/** One instruction of a Dockerfile; lines count from 0, both ends included. */
export interface Instruction {
  readonly keyword: string;
  /** Leading `--name=value`, by name. */
  readonly flags: Readonly<Record<string, string>>;
  /** What follows the flags, continuation lines joined. */
  readonly rest: string;
  readonly first: number;
  readonly last: number;
}

/** The instructions of a Dockerfile in their order; comments and empty lines are none. */
export function parseDockerfile(text: string): readonly Instruction[] {
  const lines = text.split(/\r?\n/);
  const escape = escapeOf(lines);
  const found: Instruction[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (isVoid(lines[at])) continue;
    const first = at;
    const joined = joinedFrom(lines, at, escape);
    at = afterHeredocs(lines, joined.text, joined.last);
    const one = instructionOf(joined.text);
    if (one) found.push({ ...one, first, last: at });
  }
  return found;
}

function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const [, name = '', value = ''] = /^#\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
    if (name === '') return '\\';
    if (name.toLowerCase() === 'escape') return value;
  }
  return '\\';
}

function isVoid(line: string | undefined): boolean {
  return line === undefined || /^\s*(#|$)/.test(line);
}

function joinedFrom(lines: readonly string[], from: number, escape: string) {
  let text = '';
  let last = from;
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (at > from && isVoid(line)) continue; // a comment between two continued lines
    last = at;
    const bare = line.trimEnd();
    if (!bare.endsWith(escape)) return { text: text + line, last };
    text += `${bare.slice(0, -1)} `;
  }
  return { text, last };
}

/** The last line of an instruction with here-documents: the end of the last of them. */
function afterHeredocs(lines: readonly string[], text: string, from: number): number {
  if (!/^\s*(RUN|COPY|ADD)\s/i.test(text)) return from;
  let at = from;
  for (const [, dash, word] of text.matchAll(/<<(-?)["']?(\w+)["']?/g)) {
    const ends = (line: string) => (dash === '-' ? line.replace(/^\t+/, '') : line) === word;
    const end = lines.findIndex((line, index) => index > at && ends(line));
    if (end === -1) return at;
    at = end;
  }
  return at;
}

function instructionOf(text: string): Omit<Instruction, 'first' | 'last'> | undefined {
  const [, keyword = '', all = ''] = /^\s*([A-Za-z]+)\s+([\s\S]*)$/.exec(text) ?? [];
  if (keyword === '') return undefined;
  const flags: Record<string, string> = {};
  let rest = all.trimStart();
  for (;;) {
    const [whole = '', name = '', value = ''] = /^--([a-z-]+)(?:=(\S*))?\s+/.exec(rest) ?? [];
    if (name === '') break;
    // Several mounts of one RUN: all of them count.
    flags[name] = flags[name] === undefined ? value : `${flags[name]} ${value}`;
    rest = rest.slice(whole.length);
  }
  return { keyword: keyword.toUpperCase(), flags, rest: rest.trim() };
}
