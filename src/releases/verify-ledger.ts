import { LedgerEntry, beginning, hashOf } from './ledger-entry.ts';

/** One ledger object as it lies in the bucket or in a downloaded folder. */
export interface LedgerFile {
  /** `000001.json`, … */
  readonly name: string;
  readonly text: string;
}

/** Something that cannot be if nobody touched the chain. */
export interface Break {
  readonly name: string;
  readonly problem: string;
}

/** What a check of a chain found; `head` is the hash of its last entry. */
export interface Verified {
  readonly entries: number;
  readonly head: string | null;
  readonly breaks: readonly Break[];
}

/**
 * Checks a chain by its bytes alone: every entry's own hash, its number, its link to the one before,
 * and, where the head's hash is known from elsewhere, that the chain really ends there.
 */
export function verifyLedger(files: readonly LedgerFile[], head?: string): Verified {
  const breaks: Break[] = [];
  let previous = beginning;
  for (const [index, { name, text }] of inOrder(files).entries()) {
    const tell = (problem: string): void => void breaks.push({ name, problem });
    const wanted = fileName(index + 1);
    if (name !== wanted) tell(`${wanted} is missing: this is the next entry that is there`);
    const { hash, link } = checkOne({ name, text }, tell);
    if (link !== undefined && link !== previous) tell('it does not follow the entry before it');
    previous = hash ?? previous;
  }
  const last = files.length === 0 ? null : previous;
  if (head !== undefined && head !== (last ?? beginning))
    breaks.push({ name: fileName(files.length + 1), problem: `the chain does not end at ${head}` });
  return { entries: files.length, head: last, breaks };
}

/** The object name of an entry, without its folder. */
export function fileName(number: number): string {
  return `${String(number).padStart(6, '0')}.json`;
}

/** The entry that a file holds, where it is whole and stands under its own number; else undefined. */
export function verifiedEntry(file: LedgerFile): LedgerEntry | undefined {
  const problems: string[] = [];
  checkOne(file, (problem) => void problems.push(problem));
  return problems.length === 0 ? LedgerEntry.parse(parsed(file.text)) : undefined;
}

function checkOne(
  { name, text }: LedgerFile,
  tell: (problem: string) => void,
): { readonly hash?: string; readonly link?: string } {
  const body = parsed(text);
  const entry = LedgerEntry.safeParse(body);
  if (!entry.success || typeof body !== 'object' || body === null) {
    tell('it is not a ledger entry');
    return {};
  }
  const { hash, previous, number } = entry.data;
  // Over what is written, not over what we understand of it: a field added by hand counts as well.
  if (hashOf(withoutHash(body)) !== hash) tell('it was changed: its hash is another');
  if (fileName(number) !== name) tell(`it says that it is entry ${number}`);
  return { hash, link: previous };
}

function withoutHash(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'hash'));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function inOrder(files: readonly LedgerFile[]): readonly LedgerFile[] {
  return [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
}
