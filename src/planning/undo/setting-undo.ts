import type { UndoEntry } from './undo-entry.ts';

/** What is taken from somebody else by its name: it has to be accepted. */
function takingOf(text: string): UndoEntry | undefined {
  const [, project] = /^adopt the project (\S+)/.exec(text) ?? [];
  if (project !== undefined)
    return {
      ...({ kind: 'setting', name: project, change: 'adopt', undo: 'restore values' } as const),
      how: 'the previous settings; added schemas and roles are removed',
      pointOfNoReturn: `supabase-project:${project}`,
    };
  const [, refused] = /^login (\S+): the database refuses/.exec(text) ?? [];
  if (refused !== undefined)
    return {
      ...({ kind: 'setting', name: refused, change: 'new password', undo: 'withdraw' } as const),
      how: 'the version is disabled; the old password was not in use',
    };
  const [, moved] = /^login (\S+): \S+ gets the address/.exec(text) ?? [];
  if (moved !== undefined)
    return {
      ...({ kind: 'setting', name: moved, change: 'new address', undo: 'withdraw' } as const),
      how: 'the version is disabled; the password stays',
    };
  const [, login] = /^reset the password of (\S+)/.exec(text) ?? [];
  if (login === undefined) return undefined;
  return {
    ...({ kind: 'setting', name: login, change: 'new password', undo: 'irreversible' } as const),
    how: 'the old one is unknown',
    pointOfNoReturn: `database-password:${login}`,
  };
}

const line = /^(?<field>[^:]+): (?<from>.*?) -> (?<to>.*)$/;

/** How each line of the Supabase plan (`field: from -> to`) is wound back. */
export function settingUndo(settings: readonly string[]): readonly UndoEntry[] {
  return settings.map((text) => {
    const taking = takingOf(text);
    if (taking) return taking;
    const { field, from = '', to = '' } = line.exec(text)?.groups ?? {};
    return field === undefined
      ? {
          kind: 'setting',
          name: text.replace(/^create /, ''),
          change: 'create',
          undo: 'empty and keep',
          how: 'a project is never deleted automatically; the report lists it',
        }
      : {
          kind: 'setting',
          name: field,
          change: `to ${to}`,
          undo: 'restore values',
          how: `back to ${from}`,
        };
  });
}
