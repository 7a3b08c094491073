import { z } from 'zod';
import { looksSecret } from './looks-secret.ts';

/** Build arguments end up in the history of the image, for whoever may read it. */
const Arguments = z
  .record(z.string().regex(/^[A-Za-z_]\w*$/, 'the name of an ARG'), z.string())
  .superRefine((args, context) => {
    for (const [key, value] of Object.entries(args)) {
      if (looksSecret(key, value))
        context.addIssue({
          code: 'custom',
          path: [key],
          message: 'looks like a secret: build arguments are visible in the image',
        });
    }
  });

/** How the image of a service is built; every path starts where windlass.yaml lies. */
export const Build = z.strictObject({
  dockerfile: z
    .string()
    .optional()
    .describe('default: `Dockerfile` in `source`, or in `context` where there is no `source`'),
  context: z.string().optional().describe('folder sent to the build; default: `source`'),
  target: z.string().optional().describe('stage of the Dockerfile; default: the last'),
  args: Arguments.optional().describe('values of its ARGs; no secrets'),
});
export type Build = z.infer<typeof Build>;
