import { isVersionTable } from '../postgres/version-table.ts';
import type { Statement } from './grammar.ts';
import { objectName } from './names.ts';

/** The revision's own statements: without the transaction, settings and Alembic's bookkeeping. */
export function isOperation(statement: Statement): boolean {
  return !isFrame(statement.node) && !isBookkeeping(statement);
}

/** Transaction control and settings, which Alembic writes around a revision. */
export function isFrame(node: Statement['node']): boolean {
  if (node === undefined) return false;
  return 'TransactionStmt' in node || 'VariableSetStmt' in node;
}

/** A statement on a version table, in whatever schema. */
export function isBookkeeping({ node }: Statement): boolean {
  if (node === undefined) return false;
  if ('DropStmt' in node) {
    const names = (node.DropStmt.objects ?? []).map(objectName);
    return names.length === 1 && isVersionTable(names[0] ?? '');
  }
  const relations = [
    'InsertStmt' in node && node.InsertStmt.relation,
    'UpdateStmt' in node && node.UpdateStmt.relation,
    'DeleteStmt' in node && node.DeleteStmt.relation,
    'CreateStmt' in node && node.CreateStmt.relation,
  ];
  return relations.some((one) => one && isVersionTable(one.relname ?? ''));
}

/** A statement's text, cut where it is long. */
export function short({ text }: Statement): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
