import type { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';

const Texts = z.object({ why: z.string(), fix: z.string() });

/** The why and the fix that our failures carry through Temporal; `otherwise` where it is none of ours. */
export function textsOf(
  { details }: Pick<ApplicationFailure, 'details'>,
  otherwise: z.infer<typeof Texts>,
): z.infer<typeof Texts> {
  const texts = Texts.safeParse(details?.[0]);
  return texts.success ? texts.data : otherwise;
}
