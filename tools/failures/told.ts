import type { CallExpression, Expression, Node, SourceFile } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isConditionalExpression,
  isIdentifier,
  isNoSubstitutionTemplateLiteral,
  isObjectLiteralExpression,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isStringLiteral,
  isTemplateExpression,
} from 'typescript/unstable/ast/is';

/** What one place of the code says under a failure's code; what is filled in stands as `<name>`. */
export interface Told {
  readonly code: string;
  readonly what?: string | undefined;
  readonly why?: string | undefined;
  readonly fix?: string | undefined;
}

/** Everything that a file says under a code: `{ code, what, why, fix }`, or what a workflow refuses. */
export function toldIn(file: SourceFile): readonly Told[] {
  const found: Told[] = [];
  const look = (node: Node): void => {
    found.push(...inObject(node), ...inRefusal(node));
    node.forEachChild(look);
  };
  look(file);
  return found;
}

function inObject(node: Node): readonly Told[] {
  if (!isObjectLiteralExpression(node)) return [];
  const of = textsByName(node);
  const codes = (of.get('code') ?? []).filter((text) => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(text));
  return codes.map((code) => ({ code, ...lines(of) }));
}

/** `refusal('CODE', what, fix)` or `ApplicationFailure.nonRetryable(what, 'CODE', { why, fix })`. */
function inRefusal(node: Node): readonly Told[] {
  if (!isCallExpression(node)) return [];
  if (isIdentifier(node.expression)) return node.expression.text === 'refusal' ? short(node) : [];
  if (!isPropertyAccessExpression(node.expression)) return [];
  if (node.expression.name.text !== 'nonRetryable') return [];
  const [what, code, details] = node.arguments;
  if (!code || !isStringLiteral(code)) return [];
  const of = details && isObjectLiteralExpression(details) ? textsByName(details) : new Map();
  return [{ code: code.text, ...lines(of), what: what && texts(what).join(' / ') }];
}

function short({ arguments: [code, what, fix] }: CallExpression): readonly Told[] {
  if (!code || !isStringLiteral(code)) return [];
  const line = (one: Expression | undefined) => (one && texts(one).join(' / ')) || undefined;
  return [{ code: code.text, what: line(what), fix: line(fix) }];
}

function lines(of: ReadonlyMap<string, readonly string[]>): Omit<Told, 'code'> {
  const line = (name: string): string | undefined => of.get(name)?.join(' / ');
  return { what: line('what'), why: line('why'), fix: line('fix') };
}

function textsByName(node: Node): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  node.forEachChild((child) => {
    if (!isPropertyAssignment(child) || !isIdentifier(child.name)) return;
    const read = texts(child.initializer);
    if (read.length > 0) found.set(child.name.text, read);
  });
  return found;
}

/** The texts that an expression can be, as far as they stand there. */
function texts(node: Expression): readonly string[] {
  if (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (isConditionalExpression(node)) return [...texts(node.whenTrue), ...texts(node.whenFalse)];
  if (!isTemplateExpression(node)) return [];
  const spans = node.templateSpans.map(
    ({ expression, literal }) => `${placeholder(expression)}${literal.text}`,
  );
  return [[node.head.text, ...spans].join('')];
}

function placeholder(node: Expression): string {
  if (isIdentifier(node)) return `<${node.text}>`;
  if (isPropertyAccessExpression(node)) return `<${node.name.text}>`;
  return '…';
}
