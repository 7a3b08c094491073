import type { Expression, Node, SourceFile } from 'typescript/unstable/ast';
import {
  isConditionalExpression,
  isIdentifier,
  isNoSubstitutionTemplateLiteral,
  isPropertyAssignment,
  isStringLiteral,
  isTemplateExpression,
} from 'typescript/unstable/ast/is';
import { inSources } from '../../tools/project-sources.ts';

/** A text of the code as a user could read it. */
export interface Text {
  readonly text: string;
  /** Whether it stands in what a user is told to do. */
  readonly isFix: boolean;
  /** File and line. */
  readonly where: string;
}

/** Every text of a project's files whose path fits; what is filled in reads `production`. */
export function textsOfProject(config: string, path: RegExp): readonly Text[] {
  return inSources(config, path, textsOf);
}

function textsOf(file: SourceFile, name: string): readonly Text[] {
  const found: Text[] = [];
  const look = (node: Node): void => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    for (const text of readings(node))
      found.push({ text, isFix: isFix(node), where: `${name}:${line + 1}` });
    node.forEachChild(look);
  };
  look(file);
  return found;
}

/** What a text can read as: where a choice is filled in, each of its sides. */
function readings(node: Node): readonly string[] {
  if (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (!isTemplateExpression(node)) return [];
  let all: readonly string[] = [node.head.text];
  for (const { expression, literal } of node.templateSpans)
    all = all.flatMap((before) =>
      filled(expression).map((value) => `${before}${value}${literal.text}`),
    );
  return all;
}

function filled(expression: Expression): readonly string[] {
  if (!isConditionalExpression(expression)) return ['production'];
  const sides = [expression.whenTrue, expression.whenFalse];
  return sides.flatMap((side) => (readings(side).length > 0 ? readings(side) : ['production']));
}

function isFix(node: Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent)
    if (isPropertyAssignment(at) && isIdentifier(at.name)) return at.name.text === 'fix';
  return false;
}
