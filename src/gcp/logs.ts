import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';

/** The last `count` log lines of a revision, oldest first (Cloud Logging, entries:list). */
export async function lastLogLines(
  access: GoogleAccess,
  which: { readonly service: string; readonly revision: string; readonly count: number },
  waiting: Waiting = {},
): Promise<readonly string[]> {
  const filter = [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name="${which.service}"`,
    `resource.labels.revision_name="${which.revision}"`,
  ].join(' AND ');
  const body = {
    resourceNames: [`projects/${access.project}`],
    filter,
    orderBy: 'timestamp desc',
    pageSize: which.count,
  };
  const url = `${access.endpoints.logging}/v2/entries:list`;
  const action = `read the log of ${which.revision}`;
  const call = { action, method: 'POST', url, body, answer: Entries } as const;
  const { entries } = await callGoogle(access, call, waiting);
  return entries.map(lineOf).toReversed();
}

const Entry = z.object({
  textPayload: z.string().optional(),
  jsonPayload: z.looseObject({ message: z.string().optional() }).optional(),
  protoPayload: z.unknown().optional(),
});
const Entries = z.object({ entries: z.array(Entry).default([]) });

function lineOf({ textPayload, jsonPayload, protoPayload }: z.infer<typeof Entry>): string {
  return textPayload ?? jsonPayload?.message ?? JSON.stringify(jsonPayload ?? protoPayload ?? {});
}
