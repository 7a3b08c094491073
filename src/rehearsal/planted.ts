import { z } from 'zod';

/** One failure to plant at the edge of an activity. */
export const Planted = z.object({
  activity: z.string(),
  /** Before the work, in the middle of it, or after its effect. */
  when: z.enum(['before', 'during', 'after']),
  class: z.enum(['retry', 'undo', 'reconcile']),
  /** Which attempt it hits. */
  attempt: z.int().default(1),
});
export type Planted = z.infer<typeof Planted>;

export const PlantedFile = z.array(Planted);

/** Names the file that says what to plant; set for the rehearsal's own worker and no other. */
export const plantedVariable = 'WINDLASS_REHEARSAL_PLANTED';
