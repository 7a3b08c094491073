import { isVersionTable } from '../postgres/version-table.ts';
import { quoted } from './names.ts';

/**
 * What the statements so far have made in the same revision: no older code relies on it, and it
 * holds nothing but what the revision put there.
 */
export interface Made {
  /** A table, view, sequence, or another thing under its kind: `type api.mood`. */
  readonly has: (name: string) => boolean;
  readonly hasColumn: (table: string, column: string) => boolean;
  readonly add: (name: string) => void;
  readonly addColumn: (table: string, column: string) => void;
  readonly remove: (name: string) => void;
  readonly rename: (from: string, to: string) => void;
  /** The search path moved: a name without a schema may mean something else from here on. */
  readonly forgetBare: () => void;
}

export function nothingMade(): Made {
  const names = new Set<string>();
  const inside = (name: string): boolean => names.has(`schema ${schemaOf(name)}`);
  const has = (name: string): boolean => names.has(name) || inside(name) || isVersionTable(name);
  const remove = (name: string): void => {
    for (const one of [...names]) if (one === name || one.startsWith(`${name} `)) names.delete(one);
  };
  return {
    has,
    hasColumn: (table, column) => has(table) || names.has(`${table} ${quoted(column)}`),
    add: (name) => names.add(name),
    addColumn: (table, column) => names.add(`${table} ${quoted(column)}`),
    remove,
    rename: (from, to) => {
      if (!names.has(from)) return;
      remove(from);
      names.add(to);
    },
    forgetBare: () => {
      for (const one of [...names])
        if (!one.includes('.') && !one.startsWith('schema ')) names.delete(one);
    },
  };
}

/** The name of a policy among what was made: none that a table could have. */
export function policyKey(name: string, table: string): string {
  return `policy ${name} on ${table}`;
}

/** The schema of `schema.name`, without the kind in front. */
function schemaOf(name: string): string | undefined {
  return /^(?:[a-z]+ )?("(?:[^"]|"")*"|[^".\s]+)\./.exec(name)?.[1];
}
