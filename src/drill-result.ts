/** What a drill found out; part of the ledger. */
export interface DrillResult {
  /** The backup set that was recovered. */
  readonly backup: string;
  /** Age of the backup when the drill began: what a loss at that moment would have cost. */
  readonly rpoSeconds: number;
  /** From the beginning until the smoke test had passed. */
  readonly rtoSeconds: number;
  /** Whether it was recovered, and nothing was left of it afterwards. */
  readonly proven: boolean;
  /** Why it was not recovered; absent where it was. */
  readonly failure?: string;
  /** What could not be removed, as the clouds' own lists tell. */
  readonly left: readonly string[];
}
