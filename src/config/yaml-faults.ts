import { isAlias, isMap, isNode, isScalar, visit } from 'yaml';
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
          ? keyFault(node)
          : undefined;
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

/** Two values of one key, or a key that is no name: YAML's readers differ in what they make of it. */
function keyFault(map: YAMLMap): Fault | undefined {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key)) return { what: 'a key that is not a plain name', node: key };
    const name = String(key.value);
    if (seen.has(name)) return { what: `the key '${name}' is given twice`, node: key };
    seen.add(name);
  }
  return undefined;
}
