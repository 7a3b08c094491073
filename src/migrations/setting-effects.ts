import type { GrantStmt, Node, VariableSetStmt } from 'libpg-query';
import { adds, type Effects, tightens, unread } from './effect.ts';
import type { Made } from './made.ts';
import { objectName } from './names.ts';

/** Rights, settings and upkeep; undefined where the statement is none of these. */
export function settingEffects(node: Node, made: Made): Effects | undefined {
  if ('GrantStmt' in node) return granting(node.GrantStmt, made);
  if ('GrantRoleStmt' in node)
    return node.GrantRoleStmt.is_grant === true ? adds : tightens('revokes a role');
  if ('AlterDefaultPrivilegesStmt' in node)
    return node.AlterDefaultPrivilegesStmt.action?.is_grant === true
      ? adds
      : tightens('revokes default privileges');
  if ('VariableSetStmt' in node) return setting(node.VariableSetStmt, made);
  const changed = tightening.find(([name]) => name in node);
  if (changed) return tightens(changed[1]);
  return harmless.some((name) => name in node) ? adds : undefined;
}

function granting({ is_grant: grants, objects = [] }: GrantStmt, made: Made): Effects {
  if (grants === true) return adds;
  const names = objects.map(objectName);
  const known = names.length > 0 && names.every((name) => made.has(name));
  return known ? adds : tightens(`revokes privileges on ${names.join(', ') || 'a whole schema'}`);
}

function setting({ name = '' }: VariableSetStmt, made: Made): Effects {
  if (name === 'search_path' || name === '') made.forgetBare();
  // With it no trigger fires and no foreign key holds.
  return name === 'session_replication_role' ? unread(`sets ${name}`) : adds;
}

const tightening: readonly (readonly [string, string])[] = [
  ['AlterSystemStmt', 'changes the settings of the whole server'],
  ['AlterDatabaseStmt', 'changes the settings of the database'],
  ['AlterDatabaseSetStmt', 'changes the settings of the database'],
  ['AlterRoleStmt', 'changes a role'],
  ['AlterRoleSetStmt', 'changes the settings of a role'],
  ['DropRoleStmt', 'drops a role'],
  ['ReassignOwnedStmt', 'gives what a role owns to another'],
  ['AlterTypeStmt', 'changes a type in use'],
  ['AlterPublicationStmt', 'changes a publication in use'],
  ['AlterEventTrigStmt', 'changes an event trigger'],
  ['AlterForeignServerStmt', 'changes where foreign rows are'],
  ['AlterUserMappingStmt', 'changes where foreign rows are'],
  ['DropUserMappingStmt', 'changes where foreign rows are'],
  ['AlterOperatorStmt', 'changes an operator in use'],
  ['AlterObjectDependsStmt', 'makes one object depend on another'],
];

const harmless = [
  ...[
    'TransactionStmt',
    'VariableShowStmt',
    'CommentStmt',
    'LockStmt',
    'VacuumStmt',
    'ReindexStmt',
  ],
  ...['ClusterStmt', 'RefreshMatViewStmt', 'CheckPointStmt', 'ConstraintsSetStmt', 'NotifyStmt'],
  ...['ListenStmt', 'UnlistenStmt', 'AlterStatsStmt', 'DeallocateStmt'],
];
