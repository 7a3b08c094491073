import { z } from 'zod';

/** What an answer must be; `json` is what it must hold at least. */
export const answer = {
  status: z.int().min(100).max(599).default(200).describe('status that the answer must have'),
  json: z
    .unknown()
    .optional()
    .describe(
      'what its JSON must hold at least: of an object these keys, of a list these elements; ${revision} and ${service} stand for those that are asked',
    ),
};
