import type { Traffic } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { readServices } from '../gcp/run.ts';
import { sameSplit } from '../gcp/traffic-split.ts';
import type { Site } from '../site.ts';
import { trafficOf } from '../traffic.ts';

/**
 * A finding of the smoke test, with where the traffic goes now as the Run API tells it. Without what
 * was recorded before the deploy there is nothing to compare with, and nothing is said.
 */
export async function sayOfTraffic(
  site: Site,
  error: unknown,
  before: Traffic | undefined,
): Promise<unknown> {
  if (!(error instanceof Failure) || error.code !== 'SMOKE_FAILED' || !before) return error;
  const moved = await movedSince(site, before).catch(() => undefined);
  if (!moved) return error;
  const { code, what, why, cause, fix: way } = error;
  const said =
    moved.length === 0
      ? 'the traffic was not moved'
      : `the traffic of ${moved.join(', ')} was moved, and is moved back`;
  const where = way.replace(/ log\.?$/, ` log (\`windlass logs -e ${site.name}\`).`);
  const fix = `${where.replace(/\.$/, '')}; ${said}.`;
  return new Failure({ code, what, why, fix, class: error.class, cause });
}

/** Services of before whose users are answered by another revision now. */
async function movedSince({ google }: Site, before: Traffic): Promise<readonly string[]> {
  const now = trafficOf(await readServices(google));
  const served = (traffic: Traffic, name: string) =>
    (traffic[name] ?? [])
      .filter(({ percent }) => percent > 0)
      .map(({ revision, percent }) => ({ revision, percent }));
  return Object.keys(before).filter(
    (name) => Object.hasOwn(now, name) && !sameSplit(served(before, name), served(now, name)),
  );
}
