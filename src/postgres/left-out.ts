/** Something of a database that a backup does not bring back, in words. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
  /** Its number in the dump; absent where the dump does not hold it at all. */
  readonly entry?: number | undefined;
}
