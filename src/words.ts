/** How somebody is known: by a signature, a token of CI, Google's word, or only the system's. */
export type Known = 'ssh-key' | 'oidc' | 'google' | 'os-user';

/** Who somebody is, and how that was checked. */
export interface Identity {
  /** What reports and ledger call them. */
  readonly name: string;
  readonly how: Known;
  /** What it was checked by: a key's fingerprint, claims of a token, a user id. */
  readonly by: string;
  /** Everything by which the same person may be known: two that share one are one person. */
  readonly same: readonly string[];
}

/** What a person or a CI job puts a name to; all of it is bound by the signature or the token. */
export interface Statement {
  readonly environment: string;
  readonly kind: WordKind;
  /** SHA-256 of what is asked for; that of the plan for an approval. */
  readonly digest: string;
  /** The run that it is said to; `new` for a start. */
  readonly run: string;
  /** Random: a statement counts once. */
  readonly nonce: string;
  /** ISO 8601. */
  readonly expires: string;
}

export type WordKind =
  'deploy' | 'rollback' | 'recover' | 'reconcile' | 'destroy' | 'approve' | 'stop' | 'undo';

/** A statement with its proof. A token is never part of it: it waits in the release bucket. */
export interface Signed {
  readonly statement: Statement;
  readonly proof: { readonly kind: 'ssh'; readonly signature: string } | { readonly kind: 'oidc' };
}

/** Something that somebody did to a run, as the ledger keeps it. */
export interface Act {
  readonly act: 'start' | 'approve' | 'stop' | 'retry' | 'skip' | 'done';
  readonly by: string;
  readonly how: Known | 'unchecked';
  /** What it was checked by. */
  readonly checked?: string;
  readonly step?: string;
  readonly reason?: string;
  /** Points of no return that were accepted with it. */
  readonly accepted?: readonly string[];
  readonly note?: string;
}

/** What travels with every word to a run: who claims to say it, and the proof where one is asked. */
export interface Spoken {
  readonly actor: string;
  readonly identity?: Identity;
  readonly signed?: Signed;
}

/** Whether two are one person. Names are compared without case and blanks. */
export function onePerson(one: Spoken, other: Spoken): boolean {
  const known = new Set(signs(one));
  return signs(other).some((sign) => known.has(sign));
}

function signs({ actor, identity }: Spoken): readonly string[] {
  return [...(identity?.same ?? []), ...(actor === '' ? [] : [`name:${actor}`])].map(plain);
}

function plain(text: string): string {
  return text.normalize('NFKC').replaceAll(/\s+/g, '').toLowerCase();
}

/** An act as a ledger has it, perhaps of a newer Windlass. */
type WrittenAct = {
  readonly [K in keyof Omit<Act, 'act' | 'how' | 'by'>]: Act[K] | undefined;
} & {
  readonly act: string;
  readonly by: string;
  readonly how: string;
};

/** The act in one line, for people. */
export function actLine(done: WrittenAct): string {
  const { act, by, how, checked, step, reason, accepted, note } = done;
  const proof = how === 'unchecked' ? 'not checked' : `${how}${checked ? ` ${checked}` : ''}`;
  const more = [
    ...(step === undefined ? [] : [`step ${step}`]),
    ...(accepted && accepted.length > 0 ? [`accepted ${accepted.join(', ')}`] : []),
    ...(reason === undefined ? [] : [`reason: ${reason}`]),
    ...(note === undefined ? [] : [note]),
  ];
  return [`${act} by ${by} (${proof})`, ...more].join('; ');
}

/** What somebody did who is known by nothing but their own word, or by what their machine says. */
export function unsigned(act: Act['act'], { actor, identity }: Spoken): Act {
  if (!identity) return { act, by: actor, how: 'unchecked' };
  return { act, by: actor, how: identity.how, checked: identity.by };
}
