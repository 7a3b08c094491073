import type { Node, RenameStmt } from 'libpg-query';
import { alterTableEffects } from './alter-table.ts';
import { createEffects } from './create-effects.ts';
import { dropEffects, keyOf } from './drop-effects.ts';
import { adds, type Effects, loses, tightens, unread } from './effect.ts';
import type { Statement } from './grammar.ts';
import { type Made, policyKey } from './made.ts';
import { listName, objectName, quoted, relationName } from './names.ts';
import { rowEffects } from './row-effects.ts';
import { settingEffects } from './setting-effects.ts';

/** What one statement does beyond adding; what the text does not tell is `unread`, never harmless. */
export function effectsOf({ node, why = '' }: Statement, made: Made): Effects {
  if (node === undefined) return unread(why);
  return (
    rowEffects(node, made) ??
    createEffects(node, made) ??
    changeEffects(node, made) ??
    typeEffects(node, made) ??
    settingEffects(node, made) ??
    unread(`cannot be judged by its text (${wordOf(node)})`)
  );
}

function changeEffects(node: Node, made: Made): Effects | undefined {
  if ('AlterTableStmt' in node) return alterTableEffects(node.AlterTableStmt, made);
  if ('DropStmt' in node) return dropEffects(node.DropStmt, made);
  if ('RenameStmt' in node) return renaming(node.RenameStmt, made);
  if ('AlterObjectSchemaStmt' in node) {
    const { objectType: type = '', relation, object, newschema = '' } = node.AlterObjectSchemaStmt;
    const name = relation ? relationName(relation) : objectName(object);
    const bare = name.split('.').at(-1) ?? name;
    const known = made.has(keyOf(type, name));
    made.rename(keyOf(type, name), keyOf(type, `${quoted(newschema)}.${bare}`));
    return known ? adds : tightens(`moves ${name} to the schema ${newschema}`);
  }
  if ('AlterOwnerStmt' in node) {
    const { objectType: type = '', relation, object } = node.AlterOwnerStmt;
    const name = relation ? relationName(relation) : objectName(object);
    return made.has(keyOf(type, name)) ? adds : tightens(`gives ${name} to another owner`);
  }
  if ('AlterPolicyStmt' in node) {
    const { table, policy_name: name = '' } = node.AlterPolicyStmt;
    const on = relationName(table);
    const known = made.has(on) || made.has(policyKey(quoted(name), on));
    return known ? adds : tightens(`changes the policy ${name} of ${on}`);
  }
  if ('AlterFunctionStmt' in node) {
    const { func } = node.AlterFunctionStmt;
    const name = objectName(func && { ObjectWithArgs: func });
    return made.has(`function ${name}`) ? adds : tightens(`changes the function ${name}`);
  }
  return undefined;
}

function renaming(statement: RenameStmt, made: Made): Effects {
  const { renameType: type = '', relation, object, subname = '', newname = '' } = statement;
  if (type === 'OBJECT_INDEX') return adds;
  const name = relation ? relationName(relation) : objectName(object);
  if (type === 'OBJECT_COLUMN' || type === 'OBJECT_ATTRIBUTE') {
    if (!made.hasColumn(name, subname)) return tightens(`renames the column ${subname} of ${name}`);
    made.addColumn(name, newname);
    return adds;
  }
  const known = made.has(keyOf(type, name));
  const schema = name.split('.').slice(0, -1);
  made.rename(keyOf(type, name), keyOf(type, [...schema, quoted(newname)].join('.')));
  return known ? adds : tightens(`renames ${subname ? `${subname} of ` : ''}${name} to ${newname}`);
}

function typeEffects(node: Node, made: Made): Effects | undefined {
  if ('AlterEnumStmt' in node) {
    const { oldVal, typeName } = node.AlterEnumStmt;
    const name = listName(typeName);
    if (oldVal === undefined || made.has(`type ${name}`)) return adds;
    return tightens(`renames the value ${oldVal} of ${name}`);
  }
  if ('AlterDomainStmt' in node) {
    const { subtype = '', typeName } = node.AlterDomainStmt;
    const name = listName(typeName);
    // T default, O not null, C constraint; N, X and V only allow more.
    if (!['T', 'O', 'C'].includes(subtype) || made.has(`type ${name}`)) return adds;
    return tightens(`refuses values of ${name} that were allowed`);
  }
  if ('AlterSeqStmt' in node) {
    const { sequence, options = [] } = node.AlterSeqStmt;
    const name = relationName(sequence);
    const owned = options.every((one) => 'DefElem' in one && one.DefElem.defname === 'owned_by');
    return owned || made.has(name) ? adds : tightens(`changes the numbers of ${name}`);
  }
  if ('DropOwnedStmt' in node) return loses('drops all that a role owns');
  if ('DropdbStmt' in node) return loses('drops a database');
  return undefined;
}

/** `DoStmt` → `do`. */
function wordOf(node: Node): string {
  const [name = '?'] = Object.keys(node);
  return name
    .replace(/Stmt$/, '')
    .replaceAll(/(?<=[a-z])[A-Z]/g, ' $&')
    .toLowerCase();
}
