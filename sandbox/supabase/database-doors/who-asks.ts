/** Who wants a session of which project, and what Postgres is told of it. */
export interface Asking {
  readonly role: string;
  /** Undefined where the user names no project. */
  readonly ref: string | undefined;
  readonly database: string;
  /** All that Supavisor hands on: other settings of the start message do not arrive. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads the user `ROLE.REF`, or a project named by `options=reference=REF`. */
export function whoAsks(given: ReadonlyMap<string, string>): Asking {
  const user = given.get('user') ?? '';
  const options = given.get('options') ?? '';
  const named = /(?:^|\s)(?:-c\s*)?(?:--)?reference=(\S+)/.exec(options)?.[1];
  const dot = named === undefined ? user.lastIndexOf('.') : -1;
  const role = dot < 0 ? user : user.slice(0, dot);
  const ref = dot < 0 ? named : user.slice(dot + 1);
  const database = given.get('database') ?? 'postgres';
  const path = /(?:^|\s)(?:-c\s*|--)search_path=((?:\\.|\S)+)/.exec(options)?.[1];
  const application = given.get('application_name');
  const parameters = new Map([
    ['user', role],
    ['database', database],
    ['application_name', application ?? 'Supavisor'],
    ...(path === undefined ? [] : ([['options', `--search_path=${path}`]] as const)),
  ]);
  return { role, ref, database, parameters };
}
