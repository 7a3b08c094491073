import type { DeleteStmt, InsertStmt, MergeStmt, Node, SelectStmt, UpdateStmt } from 'libpg-query';
import { calledIn } from './calls.ts';
import { adds, type Effects, loses, unread } from './effect.ts';
import type { Made } from './made.ts';
import { relationName, textOf } from './names.ts';
import { isRecord, nodesIn } from './walk.ts';

/** What a statement does to rows, with what its `with` queries do; undefined where it is no such. */
export function rowEffects(node: Node, made: Made): Effects | undefined {
  if ('TruncateStmt' in node) {
    const { relations = [], behavior } = node.TruncateStmt;
    return relations.flatMap((one) => {
      const table = objectTable(one);
      const known = made.has(table) && behavior !== 'DROP_CASCADE';
      return known ? adds : loses(`empties ${table}`, { table });
    });
  }
  if ('CopyStmt' in node) {
    const { is_from: from, is_program: program, filename, query } = node.CopyStmt;
    if (program === true || (from !== true && filename !== undefined))
      return unread('copies to or from outside of the database');
    return query ? [...writes(query, made), ...calledIn(query)] : adds;
  }
  const reads = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];
  if (!reads.some((name) => name in node)) return undefined;
  return [...writes(node, made), ...calledIn(node)];
}

/** Every change of rows inside a statement: its own, and those of its `with` queries. */
export function writes(node: Node, made: Made): Effects {
  return [...nodesIn(node)].flatMap(([name, fields]) => write({ [name]: fields }, made));
}

function write(node: Readonly<Record<string, unknown>>, made: Made): Effects {
  if (isStatement(node, 'InsertStmt')) return insertion(node.InsertStmt, made);
  if (isStatement(node, 'UpdateStmt')) return update(node.UpdateStmt, made);
  if (isStatement(node, 'MergeStmt')) return merge(node.MergeStmt, made);
  if (isStatement(node, 'DeleteStmt')) {
    const table = relationName(node.DeleteStmt.relation);
    return made.has(table) ? adds : loses(`deletes rows of ${table}`, { table });
  }
  if (isStatement(node, 'SelectStmt')) {
    const into = node.SelectStmt.intoClause?.rel;
    if (into) made.add(relationName(into));
  }
  return adds;
}

function insertion({ relation, onConflictClause: clash }: InsertStmt, made: Made): Effects {
  if (clash?.action !== 'ONCONFLICT_UPDATE') return adds;
  return overwrites(relationName(relation), clash.targetList, made);
}

function update({ relation, targetList }: UpdateStmt, made: Made): Effects {
  return overwrites(relationName(relation), targetList, made);
}

/** Columns that the same revision made hold nothing yet: to fill them is no loss. */
function overwrites(table: string, targets: readonly Node[] | undefined, made: Made): Effects {
  const columns = (targets ?? []).map((one) => ('ResTarget' in one && one.ResTarget.name) || '?');
  return columns
    .filter((column) => !made.hasColumn(table, column))
    .flatMap((column) => loses(`overwrites ${column} in rows of ${table}`, { table, column }));
}

function merge({ relation, mergeWhenClauses = [] }: MergeStmt, made: Made): Effects {
  const table = relationName(relation);
  if (made.has(table)) return adds;
  return mergeWhenClauses.flatMap((one) => {
    if (!('MergeWhenClause' in one)) return unread('merges rows');
    const { commandType, targetList } = one.MergeWhenClause;
    if (commandType === 'CMD_INSERT' || commandType === 'CMD_NOTHING') return adds;
    if (commandType === 'CMD_UPDATE') return overwrites(table, targetList, made);
    return loses(`deletes rows of ${table}`, { table });
  });
}

function objectTable(node: Node): string {
  return 'RangeVar' in node ? relationName(node.RangeVar) : textOf(node);
}

interface Writing {
  readonly InsertStmt: InsertStmt;
  readonly UpdateStmt: UpdateStmt;
  readonly MergeStmt: MergeStmt;
  readonly DeleteStmt: DeleteStmt;
  readonly SelectStmt: SelectStmt;
}

function isStatement<Name extends keyof Writing>(
  node: Readonly<Record<string, unknown>>,
  name: Name,
): node is Pick<Writing, Name> {
  return isRecord(node[name]);
}
