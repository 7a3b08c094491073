import { isAlias, isMap, isNode, isPair, isScalar, visit } from 'yaml';
import type { Alias, Document, LineCounter, Node, Pair, YAMLMap } from 'yaml';

/** The first thing in a document that has no meaning here, with its line; undefined = there is none. */
export function yamlFaults(document: Document, lines: LineCounter): string | undefined {
  const anchors = new Set<string>();
  let fault: string | undefined;
  const tell = (node: unknown, what: string) => {
    fault = `${what} at line ${isNode(node) && node.range ? lines.linePos(node.range[0]).line : 1}`;
    return visit.BREAK;
  };
  visit(document, {
    Node: (_key, node, above) => {
      const found = isAlias(node)
        ? aliasFault(node, anchors, above)
        : isMap(node)
          ? keyFault(node, above)
          : textFault(node, above);
      if (isNode(node) && 'anchor' in node && node.anchor !== undefined) anchors.add(node.anchor);
      return found ? tell(found.node ?? node, found.what) : undefined;
    },
  });
  return fault;
}

interface Fault {
  readonly what: string;
  readonly node?: unknown;
}

type Above = readonly (Document | Node | Pair)[];

function aliasFault(
  { source }: Alias,
  anchors: ReadonlySet<string>,
  above: Above,
): Fault | undefined {
  if (!anchors.has(source)) return { what: `the alias *${source} refers to no anchor before it` };
  if (above.some((node) => 'anchor' in node && node.anchor === source))
    return { what: `the alias *${source} is part of what it refers to` };
  return undefined;
}

// What a terminal obeys, or shows in another order than it is read; not what lays out a text.
const unseen = /(?![\t\n\r])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** Names and addresses are shown to people; the variables of a service are its own affair. */
function textFault(node: unknown, above: Above): Fault | undefined {
  const text = isScalar(node) && typeof node.value === 'string' ? node.value : '';
  const code = unseen.exec(text)?.[0].codePointAt(0)?.toString(16).padStart(4, '0');
  if (code === undefined || above.some((one) => isPair(one) && String(one.key) === 'env'))
    return undefined;
  return { what: `a text with the control character U+${code.toUpperCase()}` };
}

/** Two values of one key, or a key that is no name: YAML's readers differ in what they make of it. */
function keyFault(map: YAMLMap, above: Above): Fault | undefined {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key)) return { what: 'a key that is not a plain name', node: key };
    const name = String(key.value);
    // At the top it is an unknown key like any other; below, readers lose it without a word.
    if (name === '__proto__' && above.length > 1)
      return { what: `the key '${name}', which JavaScript takes for something else,`, node: key };
    if (seen.has(name)) return { what: `the key '${name}' is given twice`, node: key };
    seen.add(name);
  }
  return undefined;
}
