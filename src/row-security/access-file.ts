import { join } from 'node:path';
import { z } from 'zod';
import { parseYaml } from '../config/parse-yaml.ts';
import { readYaml } from '../config/read-yaml.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';

/** `own`: rows whose owner column is the caller; `all`: every row. */
const Reach = z.enum(['own', 'all']);
const Cells = z
  .strictObject({ select: Reach, insert: Reach, update: Reach, delete: Reach })
  .partial();
const QualifiedName = z.string().regex(/^\w+\.\w+$/, 'a schema and a name, such as users.profiles');

/** Who may do what through the REST door; what is not declared must be denied. */
export const Access = z.strictObject({
  own: z.string().default('user_id').describe('the column that says whose a row is'),
  tables: z
    .record(QualifiedName, z.strictObject({ anon: Cells, authenticated: Cells }).partial())
    .default({}),
  functions: z.record(QualifiedName, z.array(z.enum(['anon', 'authenticated']))).default({}),
  accept: z
    .array(z.strictObject({ rule: z.string(), object: z.string(), why: z.string().min(10) }))
    .default([])
    .describe('findings of the gate that are known, each with its reason'),
});
export type Access = z.infer<typeof Access>;

/** The project's access file; without one nothing is allowed. */
export async function readAccess(site: Site): Promise<Access> {
  const { access } = site.config;
  if (access === undefined) return Access.parse({});
  try {
    const { value, broken } = parseYaml(
      site.bundledAccess ?? (await readYaml(join(site.root, access))),
    );
    if (broken !== undefined) throw new Error(broken);
    return Access.parse(value ?? {});
  } catch (cause) {
    throw new Failure({
      code: 'CONFIG_INVALID',
      what: `${access} cannot be used`,
      why: cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause),
      fix: 'Fix the file that `access` in windlass.yaml names.',
      cause,
    });
  }
}
