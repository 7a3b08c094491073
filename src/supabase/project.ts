import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';

/** A Supabase project; `host` is its database host. */
export interface Project {
  readonly ref: string;
  readonly name: string;
  readonly organization: string;
  readonly region: string;
  readonly status: string;
  readonly host: string;
  /** Absent where the API does not say. */
  readonly createdAt?: string | undefined;
}

/** A project as it shall exist; the password is used only if it must be created. */
export interface WantedProject {
  readonly name: string;
  readonly organization: string;
  readonly region: string;
  readonly password: string;
}

/** The project of that name in that organization (by slug); names are not unique, so two = Failure. */
export async function findProject(
  access: SupabaseAccess,
  wanted: Pick<WantedProject, 'name' | 'organization'>,
  waiting: Waiting = {},
): Promise<Project | undefined> {
  const call = { action: 'list the projects', path: '/projects', answer: z.array(ProjectAnswer) };
  const named = (await callSupabase(access, call, waiting)).filter(
    (one) =>
      one.name === wanted.name &&
      one.organization === wanted.organization &&
      one.status !== 'REMOVED' &&
      one.status !== 'GOING_DOWN',
  );
  if (named.length > 1) throw ambiguous(named);
  return named[0];
}

/** Creates a project; whoever asks has looked whether there is one of that name. */
export async function createProject(
  access: SupabaseAccess,
  wanted: WantedProject,
  waiting: Waiting = {},
): Promise<Project> {
  const body = {
    name: wanted.name,
    organization_slug: wanted.organization,
    db_pass: wanted.password,
    region_selection: { type: 'specific', code: wanted.region },
  };
  const action = `create the project ${wanted.name}`;
  const call = { action, method: 'POST', path: '/projects', body, answer: ProjectAnswer } as const;
  return callSupabase(access, call, waiting);
}

/** A project by its ref. */
export async function readProject(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<Project> {
  const call = {
    action: `read the project ${ref}`,
    path: `/projects/${ref}`,
    answer: ProjectAnswer,
  };
  return callSupabase(access, call, waiting);
}

const ProjectAnswer = z
  .object({
    ref: z.string().regex(/^[a-z]{20}$/),
    name: z.string(),
    organization_slug: z.string(),
    region: z.string(),
    status: z.string(),
    created_at: z.string().optional(),
    database: z.object({ host: z.string() }).optional(),
  })
  .transform(({ organization_slug: organization, created_at: createdAt, database, ...rest }) => ({
    ...rest,
    organization,
    host: database?.host ?? '',
    createdAt,
  }));

function ambiguous(named: readonly Project[]): Failure {
  const [first] = named;
  return new Failure({
    code: 'SUPABASE_PROJECT_AMBIGUOUS',
    what: `There are ${named.length} projects named ${first?.name} in ${first?.organization}`,
    why: `Supabase does not keep names unique: ${named.map(({ ref }) => ref).join(', ')}.`,
    fix: 'Rename those that are not this environment’s, then deploy again.',
  });
}
