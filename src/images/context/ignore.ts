/** What a .dockerignore decides about a path: left out, taken in by a `!` line, or nothing. */
export type Decision = 'out' | 'in' | undefined;

/** The decisions of a .dockerignore, by path from the context's root. */
export interface Ignore {
  decide(path: string): Decision;
  /** Whether a `!` line could take something in again below a folder that is left out. */
  readonly hasExceptions: boolean;
}

/** Reads .dockerignore as the builders do: the last line that fits a path or a folder above it decides. */
export function readIgnore(text: string): Ignore {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(ruleOf)
    .filter(({ pattern }) => pattern !== '');
  return {
    hasExceptions: rules.some(({ takesIn }) => takesIn),
    decide: (path) => {
      const above = pathsAbove(path);
      const last = rules.findLast(({ fits }) => above.some((one) => fits.test(one)));
      return last && (last.takesIn ? 'in' : 'out');
    },
  };
}

function ruleOf(line: string) {
  const takesIn = line.startsWith('!');
  const pattern = cleaned(takesIn ? line.slice(1).trim() : line);
  return { takesIn, pattern, fits: fitting(pattern) };
}

/** As Go's filepath.Clean, from the root. */
function cleaned(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The path and every folder above it. */
function pathsAbove(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Go's filepath.Match and `**`, which stands for any number of folders. */
function fitting(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    if (pattern.startsWith('**', at)) {
      at += pattern[at + 2] === '/' ? 2 : 1;
      source += at === pattern.length - 1 && pattern[at] === '*' ? '.*' : '(?:.*/)?';
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '[' && pattern.includes(']', at + 1)) {
      const end = pattern.indexOf(']', at + 2);
      source += pattern.slice(at, end + 1);
      at = end;
    } else if (char === '\\') {
      at += 1;
      source += literal(pattern[at] ?? '\\');
    } else source += literal(char);
  }
  return new RegExp(`^${source}$`);
}

function literal(char: string): string {
  return char.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
