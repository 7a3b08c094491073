/** The places that can differ from what the ledger says. */
export type DriftSource = 'state' | 'live' | 'supabase' | 'schema';

/** One difference between the environment and the release that it stands on. */
export interface DriftFinding {
  readonly source: DriftSource;
  readonly what: string;
  /** The release that was verified last, so that the difference came after it. */
  readonly since: string;
  /** Who owns what differs: where it must be changed to stay changed. */
  readonly owner: string;
  /** What the next deploy would do about it. */
  readonly next: string;
}

/** A finding before it is known since when it may exist. */
export type Found = Omit<DriftFinding, 'since'>;
