import type { AlterTableCmd, AlterTableStmt, ColumnDef, Node } from 'libpg-query';
import { calledIn } from './calls.ts';
import { adds, type Effects, loses, tightens, unread } from './effect.ts';
import type { Made } from './made.ts';
import { relationName, typeText } from './names.ts';
import { nodesIn } from './walk.ts';

/** What `alter table NAME …` does, action by action; also of views, indexes and composite types. */
export function alterTableEffects(statement: AlterTableStmt, made: Made): Effects {
  const { relation, cmds = [], objtype } = statement;
  const table = relationName(relation);
  const whole = made.has(objtype === 'OBJECT_TYPE' ? `type ${table}` : table);
  return cmds.flatMap((cmd) => {
    if (!('AlterTableCmd' in cmd)) return unread(`changes ${table}`);
    const action = cmd.AlterTableCmd;
    const effects = actionEffects({ table, action, kind: objtype ?? 'OBJECT_TABLE' }, made);
    return whole ? effects.filter(({ kind }) => kind === 'unread') : effects;
  });
}

interface Action {
  readonly table: string;
  readonly action: AlterTableCmd;
  readonly kind: string;
}

function actionEffects({ table, action, kind }: Action, made: Made): Effects {
  const { subtype = '?', name: column = '', def } = action;
  const what = `${column} of ${table}`;
  if (harmless.has(subtype)) return adds;
  if (subtype in tightening) return tightens(`${tightening[subtype] ?? ''} ${table}`);
  const fresh = made.hasColumn(table, column);
  switch (subtype) {
    case 'AT_AddColumn':
      return addition(table, action, made);
    case 'AT_DropColumn':
      if (kind === 'OBJECT_TYPE') return fresh ? adds : loses(`drops the attribute ${what}`);
      return removal(table, action, made);
    case 'AT_AlterColumnType':
      return fresh ? adds : loses(`changes the type of the column ${what}`);
    case 'AT_SetNotNull':
      return fresh ? adds : tightens(`refuses nulls in ${what}`);
    case 'AT_ColumnDefault':
      return def || fresh ? adds : tightens(`drops the default of ${what}`);
    case 'AT_AddConstraint':
      return constraint(table, def);
    case 'AT_DropConstraint':
      return action.behavior === 'DROP_CASCADE' ? tightens(`drops what depends on ${what}`) : adds;
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
      return kind === 'OBJECT_VIEW' ? tightens(`changes how ${table} is read`) : adds;
    case 'AT_AttachPartition':
      return attachment(table, { def, kind }, made);
    case 'AT_DetachPartition':
    case 'AT_DetachPartitionFinalize':
      return made.has(childOf(def))
        ? adds
        : loses(`detaches the rows of ${childOf(def)} from ${table}`);
    case 'AT_DropInherit':
      return loses(`removes rows from what ${table} inherits from`);
    default:
      return unread(`changes ${table} in a way that cannot be judged by its text (${subtype})`);
  }
}

function addition(table: string, action: AlterTableCmd, made: Made): Effects {
  const column = action.def && 'ColumnDef' in action.def ? action.def.ColumnDef : {};
  const { colname = '' } = column;
  const known = made.hasColumn(table, colname);
  if (action.missing_ok !== true) made.addColumn(table, colname);
  if (known) return adds;
  const constraints = (column.constraints ?? []).flatMap((one) =>
    'Constraint' in one ? [one.Constraint] : [],
  );
  const kinds = constraints.map(({ contype }) => contype);
  const filled = kinds.some((kind) => fillers.has(kind ?? '')) || isSerial(column);
  const required = kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_PRIMARY');
  const called = calledIn(constraints);
  if (required && !filled)
    return [
      ...tightens(`asks for ${colname} of ${table}, which older code does not write`),
      ...called,
    ];
  if (constraints.some((one) => one.contype === 'CONSTR_CHECK' && !isAbout(one, colname)))
    return [...tightens(`refuses rows of ${table} that were allowed`), ...called];
  return called;
}

/** Does a check name no column but this one? */
function isAbout(check: object, column: string): boolean {
  return [...nodesIn({ Constraint: check })].every(([name, fields]) => {
    return (
      name !== 'ColumnRef' || JSON.stringify(fields['fields']).includes(JSON.stringify(column))
    );
  });
}

function isSerial({ typeName }: ColumnDef): boolean {
  return typeName !== undefined && /^(small|big)?serial[248]?$/.test(typeText(typeName));
}

function removal(table: string, action: AlterTableCmd, made: Made): Effects {
  const { name: column = '', behavior, missing_ok: optional } = action;
  const cascade = behavior === 'DROP_CASCADE';
  if (made.hasColumn(table, column) && !cascade) return adds;
  return loses(`drops the column ${column} of ${table}`, {
    ...{ table, column },
    ...(cascade && { cascade }),
    ...(optional === true && { optional }),
  });
}

function constraint(table: string, def: Node | undefined): Effects {
  const named = def && 'Constraint' in def ? def.Constraint.conname : undefined;
  return tightens(`refuses rows of ${table} that were allowed${named ? ` (${named})` : ''}`);
}

function attachment(
  table: string,
  { def, kind }: { readonly def: Node | undefined; readonly kind: string },
  made: Made,
): Effects {
  if (kind === 'OBJECT_INDEX' || made.has(childOf(def))) return adds;
  return tightens(`puts the rows of ${childOf(def)} into ${table}`);
}

function childOf(def: Node | undefined): string {
  if (def && 'PartitionCmd' in def) return relationName(def.PartitionCmd.name);
  return def && 'RangeVar' in def ? relationName(def.RangeVar) : '?';
}

const fillers = new Set(['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY']);

const harmless = new Set(
  `AT_DropNotNull AT_SetStatistics AT_SetOptions AT_ResetOptions AT_SetStorage AT_SetCompression
  AT_ValidateConstraint AT_ClusterOn AT_DropCluster AT_SetLogged AT_ReplicaIdentity`.split(/\s+/),
);

const rights = 'changes who may read or write';
const fires = 'changes which triggers and rules act on';
const tightening: Readonly<Record<string, string>> = {
  AT_SetExpression: 'recomputes a column of',
  AT_DropExpression: 'no longer computes a column of',
  AT_AlterConstraint: 'changes a constraint of',
  AT_ChangeOwner: rights,
  AT_SetUnLogged: 'lets a crash empty',
  AT_SetAccessMethod: 'moves',
  AT_SetTableSpace: 'moves',
  AT_EnableTrig: fires,
  AT_EnableAlwaysTrig: fires,
  AT_EnableReplicaTrig: fires,
  AT_DisableTrig: fires,
  AT_EnableTrigAll: fires,
  AT_DisableTrigAll: fires,
  AT_EnableTrigUser: fires,
  AT_DisableTrigUser: fires,
  AT_EnableRule: fires,
  AT_EnableAlwaysRule: fires,
  AT_EnableReplicaRule: fires,
  AT_DisableRule: fires,
  AT_AddInherit: 'adds rows to what is inherited by',
  AT_AddOf: 'binds to a type',
  AT_DropOf: 'detaches from its type',
  AT_EnableRowSecurity: rights,
  AT_DisableRowSecurity: rights,
  AT_ForceRowSecurity: rights,
  AT_NoForceRowSecurity: rights,
  AT_GenericOptions: 'changes where the rows are of',
  AT_AddIdentity: 'numbers the rows of',
  AT_SetIdentity: 'changes how rows are numbered in',
  AT_DropIdentity: 'no longer numbers the rows of',
};
