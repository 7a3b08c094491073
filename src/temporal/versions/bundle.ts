import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Failure } from '../../failure.ts';

/** The workflow code of one Windlass, as one script. */
export interface Bundle {
  /** SHA-256 of the script in hex; the build id of every run that it carries out. */
  readonly buildId: string;
  readonly code: string;
}

const Header = z.object({
  format: z.number(),
  /** Temporal's SDK that it was bundled with; a worker must have the same. */
  sdk: z.string(),
  /** What its workflows may call. */
  activities: z.array(z.string()),
});
type Header = z.infer<typeof Header>;

const prefix = '/*windlass ';

/** The script of a bundle that says what it needs; on its first line, so that no other line moves. */
export function headed(code: string, header: Header): string {
  return `${prefix}${JSON.stringify(header)}*/${code}`;
}

/** A script by its digest. */
export function bundleOf(code: string): Bundle {
  return { buildId: createHash('sha256').update(code).digest('hex'), code };
}

/** The first digits of a build id: what people are shown. */
export function shortBuild(buildId: string): string {
  return buildId.slice(0, 12);
}

/** Throws where this worker cannot carry a bundle out: another SDK, or activities that it lacks. */
export function requireRunnable(
  { code, buildId }: Bundle,
  ours: { readonly sdk: string; readonly activities: readonly string[] },
): void {
  const header = headerOf(code);
  if (header === undefined) return; // made before there was one: by our own tests alone
  if (header.format > 1)
    throw foreign(buildId, `it has the format ${header.format}, this Windlass reads 1`);
  if (header.sdk !== ours.sdk)
    throw foreign(buildId, `it needs Temporal's SDK ${header.sdk}, this Windlass has ${ours.sdk}`);
  const missing = header.activities.filter((name) => !ours.activities.includes(name));
  if (missing.length > 0)
    throw foreign(buildId, `it calls ${missing.join(', ')}, which this Windlass does not know`);
}

function headerOf(code: string): Header | undefined {
  const end = code.indexOf('*/');
  if (!code.startsWith(prefix) || end < 0) return undefined;
  return Header.parse(JSON.parse(code.slice(prefix.length, end)));
}

function foreign(buildId: string, why: string): Failure {
  return new Failure({
    code: 'BUNDLE_FOREIGN',
    what: `This Windlass cannot run the workflow code ${shortBuild(buildId)}`,
    why,
    fix: wayOut,
  });
}

/** What can be done about a run whose code cannot be carried out here. */
export const wayOut =
  'Start a worker of the Windlass version that started the run (`windlass sandbox up` in that checkout, or its ' +
  'image). If that is gone: terminate the run in the Temporal UI, then `windlass recover --reconcile`.';
