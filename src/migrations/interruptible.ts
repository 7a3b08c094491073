import type { Node } from 'libpg-query';
import type { Statement } from './grammar.ts';
import { relationName } from './names.ts';
import { isOperation, short } from './operations.ts';

/**
 * What is committed on the way stays when the rest fails, and would be done a second time by the
 * next run: only statements that can be repeated may do that, and nothing may stand beside them.
 */
export function interruptible(all: readonly Statement[]): readonly string[] {
  const up = all.filter(isOperation);
  const builds = up.some(({ node }) => node && isConcurrent(node));
  if (!builds && !commitsOnTheWay(all)) return [];
  const other = up.find((statement) => !isRepeatable(statement));
  if (other && builds)
    return [`builds an index concurrently beside ${short(other)}: give it its own revision`];
  if (other)
    return [
      `commits on the way (autocommit_block), so that a stop would leave half of it: take ${short(other)} out of the block`,
    ];
  return up.flatMap((statement, at) => {
    if (!isBuild(statement) || dropsFirst(up.slice(0, at), statement)) return [];
    return [`cannot be repeated: put drop index concurrently if exists before ${short(statement)}`];
  });
}

/** Is there a commit with an operation on both of its sides, or one that no transaction holds? */
function commitsOnTheWay(all: readonly Statement[]): boolean {
  const first = all.findIndex(isOperation);
  const last = all.findLastIndex(isOperation);
  const inner = all.slice(Math.max(first, 0), last + 1);
  const before = all.slice(0, Math.max(first, 0)).filter(({ node }) => kindOf(node) !== undefined);
  const ended = ends.has(kindOf(before.at(-1)?.node) ?? '');
  return ended || inner.some(({ node }) => ends.has(kindOf(node) ?? ''));
}

function kindOf(node: Statement['node']): string | undefined {
  return node && 'TransactionStmt' in node ? node.TransactionStmt.kind : undefined;
}

const ends = new Set(['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK', 'TRANS_STMT_PREPARE']);

function isRepeatable({ node }: Statement): boolean {
  if (!node) return false;
  if (isConcurrent(node)) return true;
  if ('AlterEnumStmt' in node) return node.AlterEnumStmt.skipIfNewValExists === true;
  return ['VacuumStmt', 'ReindexStmt', 'RefreshMatViewStmt'].some((name) => name in node);
}

function isConcurrent(node: Node): boolean {
  if ('DropStmt' in node) return node.DropStmt.concurrent === true;
  return 'IndexStmt' in node && node.IndexStmt.concurrent === true;
}

function isBuild({ node }: Statement): boolean {
  return node !== undefined && 'IndexStmt' in node;
}

/** Interrupted, the index stays behind as an invalid one: it has to go before it is built anew. */
function dropsFirst(before: readonly Statement[], { node }: Statement): boolean {
  if (!node || !('IndexStmt' in node)) return true;
  const { idxname = '', relation } = node.IndexStmt;
  const name = relationName({ ...relation, relname: idxname });
  return before.some(({ node: drop }) => {
    if (!drop || !('DropStmt' in drop) || drop.DropStmt.missing_ok !== true) return false;
    const dropped = JSON.stringify(drop.DropStmt.objects);
    return dropped.includes(JSON.stringify(idxname)) || dropped.includes(name);
  });
}
