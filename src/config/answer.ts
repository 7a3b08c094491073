import { z } from 'zod';

/** What an answer must be; `json` is what it must hold at least. */
export const answer = {
  status: z.int().min(100).max(599).default(200).describe('expected status'),
  json: z
    .unknown()
    .optional()
    .describe(
      'JSON that the answer must contain: these keys of an object, these elements of a list; ${revision} and ${service} stand for the called ones',
    ),
};
