import { z } from 'zod';

/** A JSON object whose fields are only passed on. */
export const Fields = z.record(z.string(), z.unknown());
export type Fields = z.infer<typeof Fields>;
