import type { ReleaseRef, Standing } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { releasedHere } from '../releases/as-released.ts';
import type { Site } from '../site.ts';
import { runSql } from '../supabase/database.ts';
import { findProject } from '../supabase/project.ts';
import { waitUntilReady } from '../supabase/readiness.ts';
import { limitText, revisionText } from './connection-lines.ts';
import { assumedLimit, readConnectionLimit } from './connection-limit.ts';
import type { ConnectionLimit } from './connection-limit.ts';
import { countConnections, product } from './count-connections.ts';
import type { Connections, RevisionConnections } from './count-connections.ts';

/**
 * What the services may open at most, and what the database admits. Throws CONNECTIONS_EXCEEDED where
 * one service of a new release is more than that by itself; a way back, a rotation and the release in
 * force are never refused for it.
 */
export async function planConnections(
  site: Site,
  asked: {
    readonly release: ReleaseRef;
    readonly previous?: Standing | null;
    readonly secretVersions?: object;
    /** Names that the caller accepts, such as `connections:api`. */
    readonly accept?: readonly string[];
  },
): Promise<Connections> {
  const { release, previous, secretVersions, accept } = asked;
  const before = previous ? (await releasedHere(site, previous.release)).services : {};
  const limit = await limitAt(site);
  const counted = countConnections({ now: site.config.services, before, limit });
  if (!secretVersions && previous?.release.id !== release.id) refuseTooMany(counted, accept);
  return counted;
}

/** Asked of the project that has the stated name, also where it is not adopted yet. */
async function limitAt({ supabase: access, environment }: Site): Promise<ConnectionLimit> {
  const { organization, project: name } = environment.supabase;
  const project = await findProject(access, { name, organization });
  if (!project) return assumedLimit;
  const { ref, status } = project;
  if (status !== 'ACTIVE_HEALTHY') await waitUntilReady(access, ref);
  return readConnectionLimit((query) => runSql(access, { ref, query, readOnly: true }));
}

/**
 * Throws CONNECTIONS_EXCEEDED where a single service may open more than the limit, and
 * `connections:SERVICE` is not accepted.
 */
export function refuseTooMany(
  { services, limit, alone }: Connections,
  accept: readonly string[] = [],
): void {
  const refused = alone.filter((service) => !accept.includes(acceptanceOf(service)));
  if (refused.length === 0) return;
  const tooMany = services.flatMap(({ service, now }) =>
    now && refused.includes(service) ? [{ service, now }] : [],
  );
  const sums = tooMany.map(
    ({ service, now }) => `${service}: ${revisionText(now)} = ${product(now)}`,
  );
  const lower = tooMany.map(({ service, now }) => waysOut(service, now, limit.usable));
  const flags = refused.map((service) => `--accept ${acceptanceOf(service)}`).join(' ');
  throw new Failure({
    code: 'CONNECTIONS_EXCEEDED',
    what: `${refused.join(', ')} alone may open more connections than the database allows`,
    why: `${sums.join('; ')}; ${limitText(limit)}`,
    fix: `${lower.join('; ')}; or give the project a larger compute in Supabase’s dashboard; or accept that connections may be refused: ${flags}`,
  });
}

function acceptanceOf(service: string): string {
  return `connections:${service}`;
}

function waysOut(service: string, now: RevisionConnections, usable: number): string {
  const ways = [
    { key: 'pool', most: Math.floor(usable / now.instances) },
    { key: 'max', most: Math.floor(usable / now.pool) },
  ].filter(({ most }) => most > 0);
  if (ways.length === 0) return `Lower both \`pool\` and \`max\` of services.${service}`;
  const texts = ways.map(({ key, most }) => `services.${service}.${key} to at most ${most}`);
  return `Set ${texts.join(' or ')}`;
}
