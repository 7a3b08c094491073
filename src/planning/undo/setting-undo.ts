import type { UndoEntry } from './undo-entry.ts';

const line = /^(?<field>[^:]+): (?<from>.*?) -> (?<to>.*)$/;

/** How each line of the Supabase plan (`field: from -> to`) is wound back. */
export function settingUndo(settings: readonly string[]): readonly UndoEntry[] {
  return settings.map((text) => {
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
