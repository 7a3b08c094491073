import type { Standing } from '../deploy.ts';
import { readInvokers } from '../gcp/iam.ts';
import { readServices } from '../gcp/run.ts';
import type { RunService } from '../gcp/run-service.ts';
import { newestDiffers } from '../serving.ts';
import type { Site } from '../site.ts';
import { unreadableSecrets } from './unreadable-secrets.ts';
import { isOfEnvironment } from '../services-of-environment.ts';
import { boundSplit, latestShare } from '../traffic.ts';
import { runningAsReleased } from '../verify/running.ts';
import type { Found } from '../drift-finding.ts';
import { ownValue } from '../own-value.ts';

/** What Cloud Run itself says against the standing: revisions, traffic, images, mounts, callers. */
export async function liveDrift(site: Site, standing: Standing): Promise<readonly Found[]> {
  const { release, secretVersions } = standing;
  const services = await readServices(site.google);
  const [released, unreadable, ...each] = await Promise.all([
    runningAsReleased(site, release, secretVersions),
    unreadableSecrets(site, standing),
    ...services.map((service) => driftOf(site, standing, service)),
  ]);
  const asReleased = released
    .filter((what) => !what.includes('is not ready'))
    .map((what) => ({ source: 'live', what, owner: 'the release', next: bringsBack }) as const);
  return [...asReleased, ...unreadable, ...each.flat()];
}

const bringsBack = 'brings the release’s own revision back';

async function driftOf(
  site: Site,
  standing: Standing,
  service: RunService,
): Promise<readonly Found[]> {
  return [
    ...failedRevision(service),
    ...(await idleRevision(site, service)),
    ...followsLatest(site, service),
    ...movedTraffic(standing, service),
    ...(await strangers(site, service)),
  ];
}

/** A revision that failed shows no difference in any plan: only its condition tells. */
function failedRevision(service: RunService): readonly Found[] {
  const { name, ready, reason, latestCreatedRevision: created, latestReadyRevision } = service;
  if (ready && created === latestReadyRevision) return [];
  const what = `${name}: its newest revision ${created} failed (${reason || 'never became ready'})`;
  const next = 'makes a new revision only if the template changes; the old one keeps serving';
  return [{ source: 'live', what, owner: 'Terraform, stack 20-services', next }];
}

async function idleRevision(site: Site, service: RunService): Promise<readonly Found[]> {
  if (!(await newestDiffers(site, service))) return [];
  const what = `${service.name}: ${service.latestReadyRevision} was created and does not serve`;
  return [{ source: 'live', what, owner: 'Terraform, stack 20-services', next: bringsBack }];
}

/** Nothing has moved yet: the next revision would get this share at once, tested or not. */
function followsLatest(site: Site, service: RunService): readonly Found[] {
  const share = latestShare(service);
  if (share === undefined || !isOfEnvironment(site, service)) return [];
  const much = share > 0 ? `${share} % of its traffic` : 'a tag';
  const what = `${service.name}: ${much} follows LATEST, which is ${service.latestReadyRevision} now`;
  const next = 'binds it to that revision, before anything is applied';
  return [{ source: 'live', what, owner: 'the promotion (Run API)', next }];
}

function movedTraffic({ traffic }: Standing, service: RunService): readonly Found[] {
  const wanted = shares(traffic[service.name] ?? []);
  const now = shares(boundSplit(service));
  if (now === wanted) return [];
  const what = `${service.name}: traffic goes to ${now}, the ledger says ${wanted || 'nothing'}`;
  const next = 'moves all traffic to the release’s revision';
  return [{ source: 'live', what, owner: 'the promotion (Run API)', next }];
}

function shares(split: Standing['traffic'][string]): string {
  return split
    .filter(({ percent }) => percent > 0)
    .map(({ revision, percent }) => `${revision} ${percent} %`)
    .sort()
    .join(', ');
}

async function strangers(site: Site, { name }: RunService): Promise<readonly Found[]> {
  const wanted = invokersOf(site, name);
  const now = await readInvokers(site.google, name);
  const owner = 'Terraform, stack 20-services (calls and public in windlass.yaml)';
  return [
    ...now
      .filter((member) => !wanted.includes(member))
      .map((member) => ({
        ...({ source: 'live', what: `${name}: ${member} may call it`, owner } as const),
        next: 'leaves it: Terraform adds callers and removes only its own',
      })),
    ...wanted
      .filter((member) => !now.includes(member))
      .map((member) => ({
        ...({ source: 'live', what: `${name}: ${member} may no longer call it`, owner } as const),
        next: 'grants it again',
      })),
  ];
}

function invokersOf({ config, environment }: Site, name: string): readonly string[] {
  const callers = Object.entries(config.services)
    .filter(([, { calls }]) => calls.includes(name))
    .map(
      ([caller]) => `serviceAccount:run-${caller}@${environment.project}.iam.gserviceaccount.com`,
    );
  return ownValue(config.services, name)?.public === true ? ['allUsers', ...callers] : callers;
}
