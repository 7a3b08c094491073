import type { RestProbe } from '../supabase/rest.ts';
import type { Access } from './access-file.ts';
import type { Relation, Routine } from './exposed-objects.ts';

/** Who tries: nobody in particular, or a signed-in user beside another one. */
export interface Caller {
  readonly label: string;
  readonly role: 'anon' | 'authenticated';
  readonly token?: string;
  readonly userId?: string;
  /** The other user, whose rows must stay out of reach. */
  readonly otherId?: string;
}

export type Verb = 'select' | 'insert' | 'update' | 'delete';
const verbs: readonly Verb[] = ['select', 'insert', 'update', 'delete'];

/** One cell of the table of who may do what, and the request that tries it. */
export interface Cell {
  readonly object: string;
  readonly verb: Verb | 'execute';
  readonly caller: Caller;
  /** What the access file allows. */
  readonly allowed: 'own' | 'all' | undefined;
  /** The column that says whose a row is. */
  readonly own: string;
  /** Whether row security leaves rows open to the caller, so that an empty answer proves nothing. */
  readonly open: boolean;
  readonly probe: RestProbe;
}

/** The four cells of a table or view for one caller. No request changes a row of anybody else. */
export function cellsOf(access: Access, relation: Relation, caller: Caller): readonly Cell[] {
  const object = `${relation.schema}.${relation.name}`;
  return verbs.map((verb) => {
    const allowed = access.tables[object]?.[caller.role]?.[verb];
    const request = requestOf(verb, relation, target(allowed, access.own, caller));
    const headers = allowed === 'own' ? { prefer: 'return=representation' } : {};
    return {
      ...{ object, verb, caller, allowed, own: access.own },
      open: relation.open.includes(`${caller.role} ${verb}`),
      probe: {
        schema: relation.schema,
        headers,
        ...request,
        ...(caller.token && { token: caller.token }),
      },
    };
  });
}

/** The cell of a function. GET runs it in a transaction that may only read. */
export function cellOf(
  access: Access,
  { schema, name, ...routine }: Routine,
  caller: Caller,
): Cell {
  const object = `${schema}.${name}`;
  const allowed = access.functions[object]?.includes(caller.role) ? 'all' : undefined;
  const args = routine.args
    .filter((arg) => arg !== '')
    .map((arg) => `${encodeURIComponent(arg)}=1`);
  const path = `rpc/${name}${args.length > 0 ? `?${args.join('&')}` : ''}`;
  const probe = { schema, path, ...(caller.token && { token: caller.token }) };
  const open = routine.open.includes(caller.role);
  return { object, verb: 'execute', caller, allowed, own: access.own, open, probe };
}

/**
 * The rows that a write is tried on, and with what: the other user's, unchanged, where writing
 * one's own is allowed; else none at all.
 */
function target(allowed: Cell['allowed'], own: string, { otherId }: Caller) {
  return (column: string) =>
    allowed === 'own' && otherId !== undefined
      ? { filter: `${own}=eq.${otherId}`, body: { [own]: otherId } }
      : { filter: `and=(${column}.is.null,${column}.not.is.null)`, body: { [column]: null } };
}

function requestOf(
  verb: Verb,
  { name, column }: Relation,
  targetOf: ReturnType<typeof target>,
): Pick<RestProbe, 'path' | 'method' | 'body'> {
  if (verb === 'select' || column === null) return { path: `${name}?limit=20` };
  if (verb === 'insert') return { path: `${name}?columns=${column}`, method: 'POST', body: [] };
  const { filter, body } = targetOf(column);
  const path = `${name}?${filter}`;
  return verb === 'update' ? { path, method: 'PATCH', body } : { path, method: 'DELETE' };
}
