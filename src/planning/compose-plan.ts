import { planWay } from '../database-way/plan-way.ts';
import type { PlannedWay } from '../database-way/plan-way.ts';
import { costVerdict } from '../../infra/policy/cost-verdict.ts';
import { notInBackup } from '../backups/not-in-backup.ts';
import { followers } from '../bind-traffic.ts';
import type { Binding, Plan, ReleaseRef, Standing, Stored } from '../deploy.ts';
import { putOnce } from '../gcp/objects.ts';
import { sha256 } from '../releases/archive.ts';
import type { LedgerEntry } from '../releases/ledger-entry.ts';
import { migrationFolders, releaseFolder } from '../releases/release-folder.ts';
import { releasedImages } from '../releases/released-images.ts';
import type { Site } from '../site.ts';
import { externalSecrets, refuseWithoutValue } from '../secret-values/external.ts';
import { closedServices } from '../stacks/closed.ts';
import { imageReferences } from '../stacks/images.ts';
import type { Watch } from '../terraform/supervise.ts';
import { changedServices } from './changed-services.ts';
import { connectionLines } from './connection-lines.ts';
import { planConnections } from './plan-connections.ts';
import { planMigrations } from './plan-migrations.ts';
import type { MigrationDetails } from './plan-migrations.ts';
import { planPromotion } from './plan-promotion.ts';
import { planSettings } from './plan-settings.ts';
import { refuseCost } from './plan-stacks.ts';
import type { PlannedStack } from './plan-stacks.ts';
import { planTerraform } from './plan-terraform.ts';
import type { PlannedTerraform } from './plan-terraform.ts';
import { refuseOtherKind } from './refuse-other-kind.ts';
import { refuseOtherSource } from './refuse-other-source.ts';
import { refusedLogins } from './refused-logins.ts';
import { poolLines } from './pool-lines.ts';
import { predictSecrets } from './predict-secrets.ts';
import { stateMarks } from './state-marks.ts';
import { withoutMail } from './without-mail.ts';
import { undoPlan } from './undo/undo-plan.ts';

export interface PlanRequest {
  readonly runId: string;
  readonly release: ReleaseRef;
  /** What is in force, and whose leaving services stay until the traffic has moved. */
  readonly previous?: Standing | null;
  /** Tells how long undos took. */
  readonly ledger?: readonly LedgerEntry[];
  /** Secrets that get a new value. */
  readonly rotate?: readonly string[];
  /** What the caller accepts by name. */
  readonly accept?: readonly string[];
  /** The versions that a rollback's target had; absent = those that will be there. */
  readonly secretVersions?: Readonly<Record<string, string>>;
}

/** Everything that bringing the environment to the release would do, and the digest over it. */
export async function composePlan(
  site: Site,
  request: PlanRequest,
  watch: Omit<Watch, 'runDir'>,
): Promise<Plan> {
  const states = await stateMarks(site); // before anything is planned on them
  await refuseOtherSource(site, request.previous);
  await refuseOtherKind(site, request.previous);
  const connections = await planConnections(site, request);
  const reached = await planWay(site, request.secretVersions ? [] : request.accept);
  const full = reached.poolSize === undefined ? [] : poolLines(connections, reached.poolSize);
  const database = [...reached.lines, ...full];
  const parts = await planParts(site, { ...request, reached }, watch);
  refuseCost(site, [reached.cost, ...parts.stacks.map(({ cost }) => cost)]);
  const { stacks, removed, migrations, settings, missingSecrets, promote, secretVersions } = parts;
  const { bind, opened } = parts;
  const terraform = [
    ...stacks.map(({ json }) => json),
    ...(opened ? [opened.terraform] : []),
    ...(removed?.terraform ?? []),
  ];
  const { entries, ...undo } = undoPlan({ ...parts, terraform }, request.ledger ?? []);
  const details = await keepDetails(site, request, {
    release: request.release,
    states,
    stacks: stacks.map(({ plan, summary, cost }) => ({ plan, summary, cost })),
    ...{ migrations, settings, promote, bind, secretVersions, missingSecrets },
    opening: opened?.opening ?? null,
    removal: removed?.removal ?? null,
    connections,
    database: { way: reached.way, lines: database, usd: reached.cost.fixed },
    undo: { ...undo, entries },
  });
  const [missed, mail] = await Promise.all([notInBackup(site), withoutMail(site)]);
  return {
    ...{ digest: details.sha256, details, undo, states },
    ...{ settings, promote, secretVersions, missingSecrets },
    ...(bind.length > 0 && { bind }),
    ...(opened && { opening: opened.opening }),
    ...(removed && { removal: removed.removal }),
    ...(missed.length > 0 && { notInBackup: missed }),
    ...(mail.length > 0 && { mail }),
    database,
    ...(connections.over && { connections: connectionLines(connections) }),
    stacks: stacks.map(({ plan }) => plan),
    migrations: migrations.map(({ service, from, to }) => ({ service, from, to })),
    cost: costOf(site, [...stacks, reached]),
    ...differenceOf(request, entries.length === 0 && stacks.every(isEmpty) && !removed),
  };
}

/** What a release says beside the clouds (people, notices, rules) counts once it is in force. */
function differenceOf(
  { release, previous }: PlanRequest,
  cloudsAsTheyAre: boolean,
): Pick<Plan, 'unchanged' | 'releaseOnly'> {
  const another = previous && previous.release.id !== release.id;
  if (!cloudsAsTheyAre || !another) return { unchanged: cloudsAsTheyAre };
  return { unchanged: false, releaseOnly: true };
}

interface Parts extends PlannedTerraform {
  readonly migrations: readonly MigrationDetails[];
  readonly settings: readonly string[];
  readonly promote: readonly string[];
  readonly bind: readonly Binding[];
  readonly secretVersions: Readonly<Record<string, string>>;
  readonly missingSecrets: readonly string[];
}

async function planParts(
  site: Site,
  {
    runId,
    release,
    previous: alongside,
    ...request
  }: PlanRequest & { readonly reached: PlannedWay },
  watch: Omit<Watch, 'runDir'>,
): Promise<Parts> {
  const dead = request.secretVersions ? [] : await refusedLogins(site, request.reached.way);
  const { versions, missing: missingSecrets } = await predictSecrets(site, request.secretVersions, {
    rotate: request.rotate,
    dead: dead.map(({ secret }) => secret),
  });
  refuseWithoutValue(
    site,
    externalSecrets(site).filter(({ id }) => missingSecrets.includes(id)),
  );
  // A rollback makes nothing that was never tested.
  const closed = request.secretVersions ? [] : await closedServices(site);
  const asked = { runId, release, secretVersions: versions, alongside, closed };
  const folders = await migrationFolders(await releaseFolder(site, runId, release));
  const images = imageReferences(site, await releasedImages(site, release));
  const [terraform, migrations, changed, unlike, bind] = await Promise.all([
    planTerraform(site, asked, watch),
    // A rollback goes down with the revisions of the release in force; it applies none.
    request.secretVersions ? [] : planMigrations(site, folders, request.accept),
    planSettings(site, dead),
    planPromotion(site, images),
    followers(site),
  ]);
  const secretVersions = versions;
  const settings = [...request.reached.settings, ...changed];
  const changes = terraform.stacks.flatMap(({ json }) => changedServices(json));
  return {
    ...terraform,
    ...{ migrations, settings, bind, secretVersions, missingSecrets },
    promote: [...new Set([...unlike, ...changes])],
  };
}

function isEmpty({ summary }: PlannedStack): boolean {
  return summary.resources.length === 0;
}

function costOf(site: Site, stacks: readonly Pick<PlannedStack, 'cost'>[]): Plan['cost'] {
  const fixed = stacks.reduce((sum, { cost }) => sum + cost.fixed, 0);
  const unknown = stacks.flatMap(({ cost }) => cost.unknown.map(({ address }) => address));
  const estimates = stacks.map(({ cost }) => cost);
  const { verdict, why } = costVerdict(estimates, site.config.cost);
  return {
    fixed: Math.round(fixed * 100) / 100,
    unknown,
    ...(verdict === 'approve' && { approve: why }),
  };
}

async function keepDetails(site: Site, { runId }: PlanRequest, details: object): Promise<Stored> {
  const content = Buffer.from(`${JSON.stringify(details, null, 2)}\n`);
  const digest = sha256(content);
  const object = `plans/${runId}/plan-${digest.slice(0, 12)}.json`;
  await putOnce(site.google, { bucket: site.releaseBucket, name: object }, content);
  return { object, sha256: digest };
}
