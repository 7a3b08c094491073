import {
  isArrayLiteralExpression,
  isArrowFunction,
  isAwaitExpression,
  isBinaryExpression,
  isCallExpression,
  isConditionalExpression,
  isFunctionExpression,
  isIdentifier,
  isNewExpression,
  isObjectLiteralExpression,
  isParenthesizedExpression,
  isPropertyAccessExpression,
} from 'typescript/unstable/ast/is';
import type { CallExpression, Expression, Node } from 'typescript/unstable/ast';
import type { Checker, Type } from 'typescript/unstable/sync';

/** Whether an expression makes a promise (or a list of them) that may reject later. */
export function mayReject(node: Node, checker: Checker): boolean {
  if (isParenthesizedExpression(node)) return mayReject(node.expression, checker);
  if (isConditionalExpression(node))
    return mayReject(node.whenTrue, checker) || mayReject(node.whenFalse, checker);
  if (isBinaryExpression(node)) return mayReject(node.right, checker);
  if (isNewExpression(node)) return !cannotBeRejected(node.arguments?.[0]) && isLive(node, checker);
  if (!isCallExpression(node)) return false;
  return !isSettledCall(node, checker) && isLive(node, checker);
}

/** Whether a node's type is a promise, or a list of promises. */
export function isLive(node: Node, checker: Checker): boolean {
  const type = checker.getTypeAtLocation(node);
  return type !== undefined && holdsPromise(type, checker, 2);
}

function holdsPromise(type: Type, checker: Checker, depth: number): boolean {
  if (type.isUnionType()) return (type.getTypes() ?? []).some((one) => isPromise(one, checker));
  if (isPromise(type, checker)) return true;
  if (depth === 0 || !type.isTypeReference()) return false;
  if (!checker.isArrayType(type) && !checker.isTupleType(type)) return false;
  return checker.getTypeArguments(type).some((one) => holdsPromise(one, checker, depth - 1));
}

function isPromise(type: Type, checker: Checker): boolean {
  return type.isObjectType() || type.isIntersectionType()
    ? checker.getPropertyOfType(type, 'then') !== undefined &&
        checker.getPropertyOfType(type, 'catch') !== undefined
    : false;
}

/** `new Promise((resolve) => …)` whose executor knows no way to reject. */
function cannotBeRejected(executor: Expression | undefined): boolean {
  if (executor === undefined) return false;
  if (!isArrowFunction(executor) && !isFunctionExpression(executor)) return false;
  return executor.parameters.length < 2;
}

/** Calls whose promise somebody has already caught, or that never rejects. */
function isSettledCall(call: CallExpression, checker: Checker): boolean {
  const callee = call.expression;
  if (isIdentifier(callee)) {
    if (callee.text === 'held') return true;
    if (isTimer(callee.text)) return call.arguments.length < 3;
  }
  if (call.arguments.some(saysRejectFalse)) return true;
  if (!isPropertyAccessExpression(callee)) return false;
  const { expression: on, name } = callee;
  if (name.text === 'catch' || isMap(on, checker)) return true; // what it holds was judged before
  if (name.text === 'then') return call.arguments.length > 1;
  if (name.text === 'finally') return !mayReject(on, checker) && !isIdentifier(on);
  const settled = ['allSettled', 'resolve', 'withResolvers'];
  if (isIdentifier(on) && on.text === 'Promise') {
    if (settled.includes(name.text)) return true;
    return !call.arguments.some((list) => makesAny(list, checker));
  }
  return false;
}

/** `Promise.all` of promises that cannot reject cannot reject itself. */
function makesAny(list: Node, checker: Checker): boolean {
  if (!isArrayLiteralExpression(list)) return true;
  return list.elements.some((one) => !isAwaitExpression(one) && mayReject(one, checker));
}

function isMap(node: Node, checker: Checker): boolean {
  return checker.getTypeAtLocation(node)?.getSymbol()?.name === 'Map';
}

/** `setTimeout` of node:timers/promises under the names that this house gives it. */
function isTimer(name: string): boolean {
  return ['pause', 'sleep', 'delay', 'setTimeout'].includes(name);
}

function saysRejectFalse(argument: Node): boolean {
  if (!isObjectLiteralExpression(argument)) return false;
  return argument.properties.some((property) => /^reject: false$/.test(property.getText()));
}
