import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';

/** A YAML text as a value that still knows on which line each key stands. */
export interface YamlFile {
  readonly value: unknown;
  /** The line of a key, or of the nearest one above it that is there; undefined at the top. */
  readonly lineOf: LineOf;
  /** Why the text is not YAML, and where. */
  readonly broken?: string;
}

/** The line of a key by its path. */
export type LineOf = (path: readonly string[]) => number | undefined;

/** Reads a YAML text. */
export function parseYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  const lineOf = (path: readonly string[]) => lineIn(document, lines, path);
  if (broken) return { value: undefined, lineOf, broken: broken.message };
  return { value: document.toJS(), lineOf };
}

function lineIn(
  document: Document,
  lines: LineCounter,
  path: readonly string[],
): number | undefined {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = nodeOf(document, path.slice(0, depth));
    if (isRanged(node)) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

/** The key itself, for its value may begin lines below; in a list the value. */
function nodeOf(document: Document, path: readonly string[]): unknown {
  const above = path.slice(0, -1);
  const map = above.length === 0 ? document.contents : document.getIn(above, true);
  if (!isMap(map)) return document.getIn(path, true);
  return map.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1))?.key;
}

function isRanged(node: unknown): node is { readonly range: readonly [number, ...number[]] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}
