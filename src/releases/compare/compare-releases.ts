import { areas } from './difference.ts';
import type { Difference } from './difference.ts';
import { compareChecks } from './compare-checks.ts';
import { compareFiles } from './compare-files.ts';
import { compareServices } from './compare-services.ts';
import { compareSettings } from './compare-settings.ts';
import { compareTools } from './compare-tools.ts';
import { partsOf } from './release-parts.ts';

type Files = ReadonlyMap<string, Buffer>;

/** All that differs between two releases, given by their files, as one environment has them. */
export function compareReleases(
  before: Files,
  after: Files,
  environment: string,
): readonly Difference[] {
  const [old, now] = [partsOf(before, environment), partsOf(after, environment)];
  const found = [
    ...compareServices(old, now),
    ...compareFiles(old, now),
    ...compareSettings(old, now, environment),
    ...compareChecks(old, now),
    ...compareTools(old, now),
  ];
  return areas.flatMap((area) => found.filter((one) => one.area === area));
}
