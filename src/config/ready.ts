import { z } from 'zod';
import { answer } from './answer.ts';

/** What a candidate is asked beside its start-up probe, and what it must answer. */
export const Ready = z.strictObject({
  path: z.string().describe('what is requested from the candidate by GET, as its caller'),
  ...answer,
});
export type Ready = z.infer<typeof Ready>;
