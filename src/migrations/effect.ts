/** What a statement does to what the code in service relies on; one that only adds has none. */
export type Effect =
  /** Rows, columns or the like go or are overwritten; `from` says which, where that is all. */
  | { readonly kind: 'loses'; readonly why: string; readonly from?: Lost }
  /** Nothing is lost, but code that knows the older schema may fail. */
  | { readonly kind: 'tightens'; readonly why: string }
  /** The text does not tell. */
  | { readonly kind: 'unread'; readonly why: string };

export type Effects = readonly Effect[];

/** What would go, as SQL names it: `api."userNotes"`; the column as it is, without quotes. */
export interface Lost {
  readonly table: string;
  readonly column?: string;
  /** What `table` names; absent = a table. */
  readonly kind?: 'sequence' | 'type' | 'schema' | 'view' | 'function' | 'extension';
  /** With all that depends on it. */
  readonly cascade?: true;
  /** `if exists`: no doubt where it is not there. */
  readonly optional?: true;
}

export const adds: Effects = [];

export function tightens(why: string): Effects {
  return [{ kind: 'tightens', why }];
}

export function loses(why: string, from?: Lost): Effects {
  return [{ kind: 'loses', why, ...(from && { from }) }];
}

export function unread(why: string): Effects {
  return [{ kind: 'unread', why }];
}
