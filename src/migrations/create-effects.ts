import type { CreateFunctionStmt, Node } from 'libpg-query';
import { calledIn } from './calls.ts';
import { adds, type Effects, tightens } from './effect.ts';
import { type Made, policyKey } from './made.ts';
import { listName, quoted, relationName, typeText } from './names.ts';
import { writes } from './row-effects.ts';

/** What a `create …` does; undefined where the statement is none that is known. */
export function createEffects(node: Node, made: Made): Effects | undefined {
  return relationEffects(node, made) ?? onTableEffects(node, made) ?? otherEffects(node, made);
}

/** A name that `if not exists` may have found there is not made here. */
function relationEffects(node: Node, made: Made): Effects | undefined {
  if ('CreateStmt' in node) return relation(node.CreateStmt, made);
  if ('CreateForeignTableStmt' in node)
    return relation(node.CreateForeignTableStmt.base ?? {}, made);
  if ('CreateSeqStmt' in node) {
    const { sequence, if_not_exists } = node.CreateSeqStmt;
    return relation({ relation: sequence, if_not_exists }, made);
  }
  if ('CreateTableAsStmt' in node) {
    const { into, query, if_not_exists } = node.CreateTableAsStmt;
    const inner = query ? [...writes(query, made), ...calledIn(query)] : adds;
    return [...relation({ relation: into?.rel, if_not_exists }, made), ...inner];
  }
  if ('ViewStmt' in node) {
    const { view, replace } = node.ViewStmt;
    const name = relationName(view);
    if (replace === true && !made.has(name)) return tightens(`replaces ${name}, if it is in use`);
    made.add(name);
    return adds;
  }
  return undefined;
}

interface NewRelation {
  readonly relation?: Parameters<typeof relationName>[0];
  readonly if_not_exists?: boolean | undefined;
}

function relation({ relation, if_not_exists: maybe }: NewRelation, made: Made): Effects {
  if (maybe !== true) made.add(relationName(relation));
  return adds;
}

/** What acts on a table from then on: harmless on one that this revision has made. */
function onTableEffects(node: Node, made: Made): Effects | undefined {
  if ('IndexStmt' in node) {
    const { relation, unique, idxname = '' } = node.IndexStmt;
    const table = relationName(relation);
    if (unique !== true || made.has(table)) return adds;
    return tightens(`refuses rows of ${table} that were allowed (unique index ${idxname})`);
  }
  if ('CreateTrigStmt' in node) {
    const { relation, trigname = '' } = node.CreateTrigStmt;
    return unlessMade(relationName(relation), `puts the trigger ${trigname} on`, made);
  }
  if ('RuleStmt' in node) {
    const { relation, rulename = '' } = node.RuleStmt;
    return unlessMade(relationName(relation), `puts the rule ${rulename} on`, made);
  }
  if ('CreatePolicyStmt' in node) {
    const { table, policy_name: name = '', permissive } = node.CreatePolicyStmt;
    made.add(policyKey(quoted(name), relationName(table)));
    if (permissive === true) return adds;
    return unlessMade(relationName(table), `hides rows by the policy ${name} of`, made);
  }
  return undefined;
}

function unlessMade(table: string, what: string, made: Made): Effects {
  return made.has(table) ? adds : tightens(`${what} ${table}`);
}

function otherEffects(node: Node, made: Made): Effects | undefined {
  if ('CreateFunctionStmt' in node) return functionEffects(node.CreateFunctionStmt, made);
  const name = madeByName(node);
  if (name !== undefined) {
    made.add(name);
    return adds;
  }
  if ('DefineStmt' in node) {
    const { defnames, replace } = node.DefineStmt;
    return replace === true ? tightens(`replaces ${listName(defnames)}`) : adds;
  }
  if ('CreatePublicationStmt' in node)
    return tightens('lets updates fail of published tables that have no key');
  if ('CreateEventTrigStmt' in node) return tightens('puts a trigger on every later change');
  if ('CreateCastStmt' in node) return tightens('changes how expressions in use are read');
  return silent.some((one) => one in node) ? adds : undefined;
}

/** `type api.mood`, `schema api`: what a statement makes, beside tables and functions. */
function madeByName(node: Node): string | undefined {
  if ('CreateEnumStmt' in node) return `type ${listName(node.CreateEnumStmt.typeName)}`;
  if ('CreateDomainStmt' in node) return `type ${listName(node.CreateDomainStmt.domainname)}`;
  if ('CreateRangeStmt' in node) return `type ${listName(node.CreateRangeStmt.typeName)}`;
  if ('CompositeTypeStmt' in node) return `type ${relationName(node.CompositeTypeStmt.typevar)}`;
  if ('CreateSchemaStmt' in node && node.CreateSchemaStmt.if_not_exists !== true)
    return `schema ${quoted(node.CreateSchemaStmt.schemaname ?? '')}`;
  if ('CreateExtensionStmt' in node && node.CreateExtensionStmt.if_not_exists !== true)
    return `extension ${quoted(node.CreateExtensionStmt.extname ?? '')}`;
  return undefined;
}

function functionEffects(statement: CreateFunctionStmt, made: Made): Effects {
  const { funcname, parameters = [], replace } = statement;
  const inputs = parameters.flatMap((one) => {
    if (!('FunctionParameter' in one)) return [];
    const { mode, argType } = one.FunctionParameter;
    const isOutput = mode === 'FUNC_PARAM_OUT' || mode === 'FUNC_PARAM_TABLE';
    return isOutput || !argType ? [] : [typeText(argType)];
  });
  const name = `function ${listName(funcname)}(${inputs.join(',')})`;
  if (replace === true && !made.has(name)) return tightens(`replaces the ${name}, if it is in use`);
  made.add(name);
  return adds;
}

const silent = [
  ...['CreateSchemaStmt', 'CreateExtensionStmt', 'CreateStatsStmt', 'CreateFdwStmt'],
  ...['CreateForeignServerStmt', 'CreateUserMappingStmt', 'CreateOpClassStmt', 'CreateRoleStmt'],
  ...['CreateOpFamilyStmt', 'CreateConversionStmt', 'CreateTransformStmt', 'CreateAmStmt'],
];
