import type { Plan, ReleaseRef, Stored } from '../deploy.ts';
import { putOnce } from '../gcp/objects.ts';
import { sha256 } from '../releases/archive.ts';
import { migrationFolders, releaseFolder } from '../releases/release-folder.ts';
import { releasedImages } from '../releases/released-images.ts';
import type { Site } from '../site.ts';
import { imageReferences } from '../stacks/images.ts';
import type { Watch } from '../terraform/supervise.ts';
import { planMigrations } from './plan-migrations.ts';
import type { MigrationDetails } from './plan-migrations.ts';
import { planPromotion } from './plan-promotion.ts';
import { planSettings } from './plan-settings.ts';
import { planStacks } from './plan-stacks.ts';
import type { PlannedStack } from './plan-stacks.ts';
import { predictSecrets } from './predict-secrets.ts';

export interface PlanRequest {
  readonly runId: string;
  readonly release: ReleaseRef;
  readonly attempt: number;
  /** The versions that a rollback's target had; absent = those that will be there. */
  readonly secretVersions?: Readonly<Record<string, string>>;
}

/** Everything that bringing the environment to the release would do, and the digest over it. */
export async function composePlan(
  site: Site,
  request: PlanRequest,
  watch: Omit<Watch, 'runDir'>,
): Promise<Plan> {
  const { runId, release } = request;
  const forecast = await predictSecrets(site);
  const secretVersions = request.secretVersions ?? forecast.versions;
  const folders = await migrationFolders(await releaseFolder(site, runId, release));
  const [stacks, migrations, settings, promote] = await Promise.all([
    planStacks(site, { runId, release, secretVersions }, watch),
    planMigrationsOf(site, request, folders),
    planSettings(site),
    planPromotion(site, imageReferences(site, await releasedImages(site, release))),
  ]);
  const parts = { release, stacks, migrations, settings, promote, secretVersions };
  const missingSecrets = forecast.missing;
  const details = await keepDetails(site, request, { ...parts, missingSecrets });
  return {
    digest: details.sha256,
    details,
    stacks: stacks.map(({ plan }) => plan),
    migrations: migrations.map(({ service, from, to }) => ({ service, from, to })),
    settings,
    promote,
    secretVersions,
    missingSecrets,
    cost: costOf(stacks),
    unchanged:
      stacks.every(({ summary }) => summary.resources.length === 0) &&
      [migrations, settings, promote, missingSecrets].every((part) => part.length === 0),
  };
}

/** A rollback goes down with the revisions of the release in force; it applies none. */
async function planMigrationsOf(
  site: Site,
  request: PlanRequest,
  folders: Readonly<Record<string, string>>,
): Promise<readonly MigrationDetails[]> {
  return request.secretVersions ? [] : planMigrations(site, folders);
}

function costOf(stacks: readonly PlannedStack[]): Plan['cost'] {
  const fixed = stacks.reduce((sum, { cost }) => sum + cost.fixed, 0);
  const unknown = stacks.flatMap(({ cost }) => cost.unknown.map(({ address }) => address));
  return { fixed: Math.round(fixed * 100) / 100, unknown };
}

async function keepDetails(
  site: Site,
  { runId, attempt }: PlanRequest,
  details: object,
): Promise<Stored> {
  const content = Buffer.from(`${JSON.stringify(details, null, 2)}\n`);
  const object = `plans/${runId}/plan-${attempt}.json`;
  await putOnce(site.google, { bucket: site.releaseBucket, name: object }, content);
  return { object, sha256: sha256(content) };
}
