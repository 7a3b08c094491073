import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document, YAMLMap } from 'yaml';
import { deepestYaml, mostYaml } from './yaml-limits.ts';
import { yamlFaults } from './yaml-faults.ts';

/** A YAML text as a value that still knows on which line each key stands. */
export interface YamlFile {
  readonly value: unknown;
  /** The line of a key, or of the nearest one above it that is there; undefined at the top. */
  readonly lineOf: LineOf;
  /** Why the text is not YAML that Windlass reads, and where. */
  readonly broken?: string;
}

/** The line of a key by its path. */
export type LineOf = (path: readonly string[]) => number | undefined;

/** Reads a YAML text; what is too large, too deep or means nothing is `broken`. In linear time. */
export function parseYaml(text: string): YamlFile {
  const refused = mostYaml(text) ?? deepestYaml(text);
  if (refused !== undefined) return unread(refused);
  const lines = new LineCounter();
  // Its own check of unique keys compares each with each, and it draws a picture of each error.
  const own = { uniqueKeys: false, prettyErrors: false };
  const document = parseDocument(text, { lineCounter: lines, ...own });
  const [mistake] = [...document.errors, ...document.warnings];
  if (mistake) return unread(`${mistake.message} at line ${lines.linePos(mistake.pos[0]).line}`);
  const fault = yamlFaults(document, lines);
  if (fault !== undefined) return unread(fault);
  try {
    return { value: document.toJS(), lineOf: linesOf(document, lines) };
  } catch {
    return unread('its aliases (*name) repeat each other: write out what they stand for');
  }
}

function unread(broken: string): YamlFile {
  return { value: undefined, lineOf: () => undefined, broken };
}

function linesOf(document: Document, lines: LineCounter): LineOf {
  const known = new Map<YAMLMap, ReadonlyMap<string, unknown>>();
  const keysOf = (map: YAMLMap): ReadonlyMap<string, unknown> => {
    const keys =
      known.get(map) ??
      new Map(map.items.flatMap(({ key }) => (isScalar(key) ? [[String(key.value), key]] : [])));
    known.set(map, keys);
    return keys;
  };
  return (path) => {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const node = nodeOf(document, path.slice(0, depth), keysOf);
      if (isRanged(node)) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  };
}

/** The key itself, for its value may begin lines below; in a list the value. */
function nodeOf(
  document: Document,
  path: readonly string[],
  keysOf: (map: YAMLMap) => ReadonlyMap<string, unknown>,
): unknown {
  const above = path.slice(0, -1);
  const map = above.length === 0 ? document.contents : document.getIn(above, true);
  return isMap(map) ? keysOf(map).get(path.at(-1) ?? '') : document.getIn(path, true);
}

function isRanged(node: unknown): node is { readonly range: readonly [number, ...number[]] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}
