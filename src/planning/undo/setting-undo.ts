import type { UndoEntry } from './undo-entry.ts';

/** What is taken from somebody else by its name: it has to be accepted. */
function takingOf(text: string): UndoEntry | undefined {
  const [, project] = /^adopt the project (\S+)/.exec(text) ?? [];
  if (project !== undefined)
    return {
      ...({ kind: 'setting', name: project, change: 'adopt', undo: 'restore values' } as const),
      how: 'its settings as they were; the schemas and roles that were added go',
      pointOfNoReturn: `supabase-project:${project}`,
    };
  const [, refused] = /^login (\S+): the database refuses/.exec(text) ?? [];
  if (refused !== undefined)
    return {
      ...({ kind: 'setting', name: refused, change: 'new password', undo: 'withdraw' } as const),
      how: 'the version is disabled; the old password opened nothing',
    };
  const [, login] = /^reset the password of (\S+)/.exec(text) ?? [];
  if (login === undefined) return undefined;
  return {
    ...({ kind: 'setting', name: login, change: 'new password', undo: 'irreversible' } as const),
    how: 'nobody knows the old one',
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
          how: 'a project is never deleted by itself; the report names it',
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
