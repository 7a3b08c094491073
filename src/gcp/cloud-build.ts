import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';

/** A build as the Cloud Build API is asked for it (v1, `Build`). */
export interface BuildRequest {
  readonly source: {
    readonly storageSource: {
      readonly bucket: string;
      readonly object: string;
      readonly generation: string;
    };
  };
  readonly steps: readonly { readonly name: string; readonly args: readonly string[] }[];
  readonly artifacts: {
    readonly objects: { readonly location: string; readonly paths: readonly string[] };
  };
  readonly logsBucket: string;
  readonly options: { readonly logging: 'GCS_ONLY' };
  readonly timeout: string;
  readonly tags: readonly string[];
}

/** A build as the API shows it. */
export const ShownBuild = z.looseObject({
  id: z.string(),
  status: z.string().default('STATUS_UNKNOWN'),
  statusDetail: z.string().optional(),
  failureInfo: z.looseObject({ detail: z.string().optional() }).optional(),
  logUrl: z.string().optional(),
  sourceProvenance: z.unknown().optional(),
  results: z.unknown().optional(),
});
export type ShownBuild = z.infer<typeof ShownBuild>;

const Started = z.looseObject({ metadata: z.looseObject({ build: ShownBuild }) });

/** Starts a build in the access's project and region. */
export async function startBuild(access: GoogleAccess, body: BuildRequest): Promise<ShownBuild> {
  const { metadata } = await callGoogle(access, {
    ...{ action: 'start a build', method: 'POST', mutating: true },
    ...{ url: buildsUrl(access), body, answer: Started },
  });
  return metadata.build;
}

/** How a build stands. */
export async function readBuild(
  access: GoogleAccess,
  id: string,
  waiting: Waiting = {},
): Promise<ShownBuild> {
  const call = { action: `look at the build ${id}`, url: `${buildsUrl(access)}/${id}` };
  return callGoogle(access, { ...call, answer: ShownBuild }, waiting);
}

/** Whether a build has ended, well or not. */
export function hasEnded({ status }: ShownBuild): boolean {
  return !['PENDING', 'QUEUED', 'WORKING', 'STATUS_UNKNOWN'].includes(status);
}

function buildsUrl({ endpoints, project, region }: GoogleAccess): string {
  return `${endpoints.cloudBuild}/v1/projects/${project}/locations/${region}/builds`;
}
