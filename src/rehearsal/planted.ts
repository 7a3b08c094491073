import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** When a planted failure strikes: before the work, in the middle of it, or after its effect. */
export const Moment = z.enum(['before', 'during', 'after']);
export type Moment = z.infer<typeof Moment>;

/** The classes of failure, as src/failure.ts names them. */
export const Kind = z.enum(['retry', 'undo', 'reconcile']);
export type Kind = z.infer<typeof Kind>;

/** One failure to plant in an activity; it strikes once. */
export const Planted = z.object({
  activity: z.string(),
  when: Moment,
  class: Kind,
  /**
   * `throw`: the work throws. `stop`: it is asked to stop, so that terraform ends half-way.
   * `crash`: the worker, terraform and its supervisor are killed, as by a power cut.
   */
  how: z.enum(['throw', 'stop', 'crash']).default('throw'),
  /** What the work says of itself in its middle, as a regular expression. */
  middle: z.string().default('.'),
});
export type Planted = z.infer<typeof Planted>;

/** In their order: where an activity has several, its next attempt meets the next. */
export const PlantedFile = z.array(Planted);

/** Names the file that says what to plant; set for the rehearsal's own worker and no other. */
export const plantedVariable = 'WINDLASS_REHEARSAL_PLANTED';

/** Tells the planted failures of one case apart. */
export function nameOf({ activity, when, class: kind }: Planted): string {
  return `${activity} ${when} ${kind}`;
}

/** The file that tells the names of those that struck, a line each. */
export function struckFile(planted: string): string {
  return `${planted}.struck`;
}

/** What the file tells: the names of those that struck so far. */
export function struckNames(planted: string): readonly string[] {
  const file = struckFile(planted);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}
