import type { Standing } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { judgeFolders } from '../migrations/judge-folders.ts';
import { acceptanceOf } from '../migrations/judge-program.ts';
import type { Login } from '../postgres/connect.ts';
import { currentRevisions } from '../postgres/current-revisions.ts';
import { readTrail, trailSince } from '../postgres/program-trail.ts';
import { migrationFolders, releaseFolder } from '../releases/release-folder.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';

interface WayBack {
  readonly runId: string;
  readonly previous: Standing | null;
  readonly target: Standing;
  /** `migration:REVISION` lets one pass whose loss the older code is known to survive. */
  readonly accept: readonly string[];
}

/**
 * A Failure where the schema has lost, since the target ran, what the target's code uses: its
 * image is older than the schema, and no downgrade brings back what a contract took away.
 */
export async function refusePastTarget(
  site: Site,
  { runId, previous, target, accept }: WayBack,
): Promise<void> {
  const login = await databaseOf(site);
  if (!login || !previous) return;
  const folders = await migrationFolders(await releaseFolder(site, runId, previous.release));
  const services = Object.keys(folders).filter((name) => target.revisions[name]);
  const now = await currentRevisions(login, services);
  const moved = services.filter((name) => now[name] !== target.revisions[name]);
  if (moved.length === 0) return;
  const judged = await judgeFolders(
    Object.fromEntries(moved.map((name) => [name, folders[name] ?? ''])),
  );
  const programs = await takenByPrograms(login, moved, target);
  const byText = moved.flatMap((service) => {
    const history = judged[service] ?? [];
    const index = (mark: string | null | undefined): number =>
      history.findIndex(({ revision }) => revision === mark) + 1;
    return history
      .slice(index(target.revisions[service]), index(now[service]))
      .filter(
        ({ takes, revision }) => takes.length > 0 && !accept.includes(`migration:${revision}`),
      )
      .map(({ revision, takes }) => ({ service, revision, statement: takes[0]?.statement ?? '' }));
  });
  const taken = [
    ...byText,
    ...programs.filter(({ revision }) => !accept.includes(acceptanceOf(revision))),
  ];
  if (taken.length > 0) throw pastTarget(target, taken);
}

/** What the programs of these services changed since, as somebody accepted then. */
async function takenByPrograms(
  login: Login,
  services: readonly string[],
  target: Standing,
): Promise<readonly Taken[]> {
  const found = services.map(async (service) => {
    const since = trailSince(await readTrail(login, service), target.revisions[service] ?? null);
    return (since ?? [])
      .filter(({ accepted }) => accepted)
      .map(({ revision }) => ({ service, revision, statement: 'its program, as accepted' }));
  });
  return (await Promise.all(found)).flat();
}

interface Taken {
  readonly service: string;
  readonly revision: string;
  readonly statement: string;
}

function pastTarget({ release }: Standing, taken: readonly Taken[]): Failure {
  const told = taken.map(
    ({ service, revision, statement }) => `${service} ${revision}: ${statement}`,
  );
  const command = [
    ...['windlass rollback -e ENVIRONMENT --to', release.id],
    ...taken.map(({ revision }) => `--accept migration:${revision}`),
  ];
  return new Failure({
    code: 'SCHEMA_PAST_TARGET',
    what: `The schema is ahead of the release ${release.id}`,
    why: `its code uses what was removed since: ${told.join('; ')}`,
    fix: `Deploy a fixed release. If the older code is known to work without it: \`${command.join(' ')}\`.`,
  });
}
