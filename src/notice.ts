/** Something that somebody should know although nobody watches. */
export interface Notice {
  readonly kind: 'run' | 'drift' | 'drill' | 'backup' | 'budget';
  readonly environment: string;
  /** One word: an outcome such as `rolled-back` or `parked`, `found`, `failed`, `overdue`, `warns`. */
  readonly outcome: string;
  readonly lines: readonly string[];
  readonly runId: string;
}
