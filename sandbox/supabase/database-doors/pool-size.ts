import type { ProjectRecord } from '../record.ts';

/** Sessions of one role in one database, where nobody set another number: that of Micro compute. */
const USUAL = 15;

/** How many sessions of one role in one database the project's pool has. */
export function poolSizeOf({ poolSize }: ProjectRecord): number {
  return poolSize ?? USUAL;
}
