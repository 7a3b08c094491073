import {
  isArrowFunction,
  isAwaitExpression,
  isBlock,
  isBinaryExpression,
  isCallExpression,
  isConditionalExpression,
  isExpressionStatement,
  isForOfStatement,
  isFunctionLikeDeclaration,
  isIdentifier,
  isNewExpression,
  isObjectLiteralExpression,
  isParameterDeclaration,
  isPropertyAccessExpression,
  isPropertyDeclaration,
  isReturnStatement,
  isSourceFile,
  isVariableDeclaration,
  isVariableStatement,
  isVoidExpression,
} from 'typescript/unstable/ast/is';
import type { Node, SourceFile } from 'typescript/unstable/ast';
import type { Checker } from 'typescript/unstable/sync';
import { isLive, mayReject } from './rejects.ts';

/** A promise that nobody listens to while something else is awaited. */
export interface Unheld {
  readonly position: number;
  readonly why: string;
}

const meanwhile =
  'may reject while something else is awaited: await it first, use Promise.all, or hold it with held()';
const stored = 'is stored before anything awaits it: hold it with held()';
const dropped = 'is dropped with `void`: its rejection ends the process; catch it';

/** Every promise of a file that could reject while nobody has a handler on it. */
export function unheldPromises(file: SourceFile, checker: Checker): readonly Unheld[] {
  const found: Unheld[] = [];
  const look = (node: Node): void => {
    const why = complaint(node, checker);
    if (why !== undefined) found.push({ position: node.getStart(), why });
    node.forEachChild(look);
  };
  look(file);
  return found;
}

function complaint(node: Node, checker: Checker): string | undefined {
  if (isParameterDeclaration(node)) return ofParameter(node, checker);
  if (!isCallExpression(node) && !isNewExpression(node)) return undefined;
  return mayReject(node, checker) ? follow(node, node, isStored(node)) : undefined;
}

/** Climbs from a live promise to where it is taken over; a complaint where that is too late. */
function follow(made: Node, from: Node, inObject: boolean): string | undefined {
  for (let node = from, parent = from.parent; ; node = parent, parent = parent.parent) {
    if (isVoidExpression(parent)) return dropped;
    if (isAwaitExpression(parent) || isSourceFile(parent)) return undefined;
    if (!isConditionalExpression(parent) && !isStatementLike(parent) && awaits(node, parent))
      return meanwhile;
    if (isVariableDeclaration(parent) && isIdentifier(parent.name))
      return ofVariable(parent.name.text, parent) ?? (inObject ? stored : undefined);
    if (isBinaryExpression(parent) && isAssignment(parent.operatorToken.getText())) {
      if (!isIdentifier(parent.left)) return stored;
      return ofVariable(parent.left.text, parent);
    }
    if (isPropertyDeclaration(parent)) return stored;
    if (isKeeping(parent, node)) return stored;
    if (isTakenOver(parent, node)) return inObject && made !== node ? stored : undefined;
    if (isStatementLike(parent)) return undefined;
  }
}

/** A parameter that is a promise is held once the body has used it. */
function ofParameter(node: Node, checker: Checker): string | undefined {
  if (!isParameterDeclaration(node) || !isIdentifier(node.name)) return undefined;
  const owner = functionOf(node);
  if (!isFunctionLikeDeclaration(owner) || owner.body === undefined) return undefined;
  if (!isLive(node.name, checker)) return undefined;
  return ofVariable(node.name.text, node);
}

/** Whether something is awaited between the birth of a variable's promise and its first use. */
function ofVariable(name: string, birth: Node): string | undefined {
  const scope = functionOf(birth);
  const uses = usesOf(name, scope).filter((use) => use.pos >= birth.end);
  const first = uses.find((use) => functionOf(use) === scope);
  const limit = first?.pos ?? scope.end;
  if (awaitsOf(scope).some(({ pos, end }) => pos >= birth.end && end <= limit)) return meanwhile;
  return first === undefined ? undefined : follow(first, first, isStored(first));
}

/** Whether the function that makes `node` awaits something after it, inside `around`. */
function awaits(node: Node, around: Node): boolean {
  const all = awaitsOf(functionOf(node));
  return all.some((one) => one.pos >= node.end && one.end <= around.end);
}

interface Span {
  readonly pos: number;
  readonly end: number;
}

const known = new WeakMap<Node, readonly Span[]>();

/** The suspensions of a function's own body; those of functions inside it are not its own. */
function awaitsOf(scope: Node): readonly Span[] {
  const before = known.get(scope);
  if (before) return before;
  const found: Span[] = [];
  const look = (node: Node): void => {
    if (isFunctionLikeDeclaration(node)) return;
    if (isAwaitExpression(node)) found.push({ pos: node.pos, end: node.end });
    if (isForOfStatement(node) && node.awaitModifier)
      found.push({ pos: node.expression.pos, end: node.expression.end });
    node.forEachChild(look);
  };
  scope.forEachChild(look);
  known.set(scope, found);
  return found;
}

function usesOf(name: string, scope: Node): readonly Node[] {
  const found: Node[] = [];
  const look = (node: Node): void => {
    if (isIdentifier(node) && node.text === name && !isLabel(node)) found.push(node);
    node.forEachChild(look);
  };
  scope.forEachChild(look);
  return found;
}

/** `x.name` and `{ name: … }` are no uses of a variable `name`. */
function isLabel(node: Node): boolean {
  const { parent } = node;
  if (isPropertyAccessExpression(parent)) return parent.name === node;
  return 'initializer' in parent && 'name' in parent && parent.name === node;
}

function functionOf(node: Node): Node {
  let at = node.parent;
  while (!isFunctionLikeDeclaration(at) && !isSourceFile(at)) at = at.parent;
  return at;
}

/** Inside an object literal: whoever gets the object may listen late, or never. */
function isStored(node: Node): boolean {
  let at = node;
  while (!isCallExpression(at.parent) && !isStatementLike(at.parent)) {
    if (isAwaitExpression(at.parent) || isFunctionLikeDeclaration(at.parent)) return false;
    if (isObjectLiteralExpression(at.parent)) return true;
    at = at.parent;
  }
  return false;
}

/** `list.push(p)`, `map.set(key, p)`, `set.add(p)`: kept for later. */
function isKeeping(parent: Node, child: Node): boolean {
  if (!isCallExpression(parent) || parent.expression === child) return false;
  const { expression: callee } = parent;
  return isPropertyAccessExpression(callee) && ['push', 'set', 'add'].includes(callee.name.text);
}

/** An argument, a receiver, a result: whoever gets it has it before anything is awaited. */
function isTakenOver(parent: Node, child: Node): boolean {
  if (isReturnStatement(parent)) return true;
  if (isArrowFunction(parent)) return parent.body === child;
  return isCallExpression(parent) || isNewExpression(parent) || isPropertyAccessExpression(parent);
}

function isStatementLike(node: Node): boolean {
  return (
    isSourceFile(node) ||
    isBlock(node) ||
    isExpressionStatement(node) ||
    isVariableStatement(node) ||
    isFunctionLikeDeclaration(node) ||
    isForOfStatement(node)
  );
}

function isAssignment(operator: string): boolean {
  return ['=', '??=', '||=', '&&='].includes(operator);
}
