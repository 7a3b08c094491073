import type { Effect, Made } from './effect.ts';

const adds: Effect = { kind: 'adds' };

/** What `alter table NAME …` does: the worst of its actions. */
export function alterTableEffect(table: string, words: readonly string[], made: Made): Effect {
  const effects = actions(words).map((action) => actionEffect(table, action, made));
  if (made.has(table)) return adds;
  return effects.find(({ kind }) => kind === 'loses') ?? effects.find(isNotAdding) ?? adds;
}

function isNotAdding({ kind }: Effect): boolean {
  return kind !== 'adds';
}

/** The actions between the commas that stand outside of parentheses. */
function actions(words: readonly string[]): readonly (readonly string[])[] {
  const found: string[][] = [[]];
  let depth = 0;
  for (const word of words) {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    if (word === ',' && depth === 0) found.push([]);
    else found.at(-1)?.push(word);
  }
  return found;
}

function actionEffect(table: string, [verb = '', ...rest]: readonly string[], made: Made): Effect {
  switch (verb) {
    case 'add':
      return addition(table, rest, made);
    case 'drop':
      return removal(table, rest, made);
    case 'alter':
      return columnChange(table, rest[0] === 'column' ? rest.slice(1) : rest, made);
    case 'validate':
    case 'attach':
    case 'cluster':
      return adds;
    case 'set':
    case 'reset':
      return rest[0] === '(' ? adds : tightens('moves the table');
    case 'rename':
      return tightens('renames what the code calls by its name');
    case 'detach':
      return { kind: 'loses', why: 'takes rows out of the table' };
    case 'enable':
    case 'disable':
    case 'force':
    case 'no':
    case 'owner':
      return tightens('changes who may do what');
    default:
      return { kind: 'unread', why: `cannot be judged by its text (alter table … ${verb})` };
  }
}

function addition(table: string, words: readonly string[], made: Made): Effect {
  if (constraints.has(words[0] ?? '')) return tightens('refuses rows that were allowed');
  const [column = '', ...definition] = words[0] === 'column' ? words.slice(1) : words;
  made.add(`${table}.${column}`);
  const required = definition.join(' ').includes('not null');
  const filled = fillers.some((word) => definition.includes(word));
  return required && !filled ? tightens('asks for a column that older code does not write') : adds;
}

function removal(table: string, words: readonly string[], made: Made): Effect {
  if (words[0] === 'constraint') return adds;
  const column = (words[0] === 'column' ? words[1] : words[0]) ?? '';
  if (made.has(`${table}.${column}`)) return adds;
  return { kind: 'loses', why: 'drops a column', from: { table, column } };
}

function columnChange(
  table: string,
  [column = '', ...change]: readonly string[],
  made: Made,
): Effect {
  if (made.has(`${table}.${column}`)) return adds;
  const [verb, what] = change;
  if (verb === 'type' || (verb === 'set' && what === 'data'))
    return { kind: 'loses', why: 'changes the type of a column' };
  if (verb === 'set' && what === 'not') return tightens('refuses rows that were allowed');
  if (verb === 'drop' && what !== 'not') return tightens('takes a default away');
  return adds;
}

function tightens(why: string): Effect {
  return { kind: 'tightens', why };
}

const constraints = new Set(['constraint', 'unique', 'check', 'foreign', 'primary', 'exclude']);
const fillers = ['default', 'generated', 'serial', 'bigserial'];
