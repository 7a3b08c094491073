import type { Place } from '../endpoints.ts';
import { failureText } from '../failure.ts';
import type { FailureText } from '../failure.ts';
import { lendClient } from '../temporal/lend-client.ts';
import { requireRunnable } from '../temporal/versions/bundle.ts';
import { obtainBundle } from '../temporal/versions/obtain.ts';
import { openRuns, queueNow } from '../temporal/versions/open-runs.ts';
import { sdkVersion } from '../temporal/versions/sdk-version.ts';

/** Why another worker could not go on with runs that are served now; none where it can with all. */
export async function unobtainable(place: Place): Promise<readonly FailureText[]> {
  return lendClient(place.home, async (client) => {
    const runs = await openRuns(client);
    const { served } = await queueNow(client);
    const open = new Set(runs.map(({ buildId }) => buildId));
    const builds = [...served].filter((buildId) => open.has(buildId));
    const missing: FailureText[] = [];
    if (builds.length === 0) return missing;
    const { createActivities } = await import('../../activities/index.ts'); // takes long to load
    const ours = { sdk: await sdkVersion(), activities: Object.keys(createActivities(place)) };
    for (const buildId of builds) {
      const its = runs.filter((run) => run.buildId === buildId);
      try {
        requireRunnable(await obtainBundle(place, buildId, its), ours);
      } catch (error) {
        missing.push(failureText(error));
      }
    }
    return missing;
  });
}
