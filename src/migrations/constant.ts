import { readSql } from './grammar.ts';
import { isRecord } from './walk.ts';

/** Is a default the same value whenever it is computed? No call, no clock, no sequence. */
export async function isConstant(expression: string): Promise<boolean> {
  const [statement, second] = await readSql(`select ${expression}`);
  if (!statement?.node || second || !('SelectStmt' in statement.node)) return false;
  const { targetList = [], ...rest } = statement.node.SelectStmt;
  if (rest.fromClause || rest.whereClause || rest.withClause) return false;
  return targetList.every((one) => 'ResTarget' in one && isFixed(one.ResTarget.val));
}

function isFixed(node: unknown): boolean {
  if (!isRecord(node)) return false;
  const [first] = Object.entries(node);
  if (!first || !isRecord(first[1])) return false;
  const [name, fields] = first;
  if (!isRecord(fields)) return false;
  switch (name) {
    case 'A_Const':
      return !clock.test(textIn(fields));
    case 'TypeCast':
      return isFixed(fields['arg']);
    case 'CollateClause':
      return isFixed(fields['arg']);
    case 'A_ArrayExpr':
      return isList(fields['elements']) && fields['elements'].every(isFixed);
    case 'A_Expr': // the sign of a number
      return fields['lexpr'] === undefined && isFixed(fields['rexpr']);
    default:
      return false;
  }
}

function textIn(fields: Readonly<Record<string, unknown>>): string {
  const text = fields['sval'];
  return isRecord(text) && typeof text['sval'] === 'string' ? text['sval'] : '';
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Texts that a cast to a time reads as one that goes on. */
const clock = /^\s*(now|today|tomorrow|yesterday|allballs)\s*$/i;
