import { Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { projectPlace } from '../../place.ts';
import { compareReleases } from '../../releases/compare/compare-releases.ts';
import { namedRelease, requireReleaseName } from '../named-release.ts';
import { environmentOption } from '../options.ts';
import { differenceLines } from '../output/difference-lines.ts';
import { answer, answerJson, say } from '../output/say.ts';

/** `windlass diff FROM TO`: what differs between two releases; changes nothing. */
export function diffCommand() {
  return new Command('diff')
    .description('show what differs between two releases')
    .argument('<from>', 'a release, `current` (in force) or `tree` (this folder)')
    .argument('<to>', 'the other one')
    .addOption(environmentOption())
    .option('--json', 'as JSON')
    .action(async (from, to, { environment, json }) => {
      for (const word of [from, to]) requireReleaseName(word);
      const site = await siteOf(projectPlace(), environment);
      const before = await namedRelease(site, from);
      const after = to === from ? before : await namedRelease(site, to);
      const differences = compareReleases(before.files, after.files, site.name);
      if (json) return answerJson({ from: before.id, to: after.id, differences });
      say(`${before.id} -> ${after.id} in ${environment}`);
      for (const line of differenceLines(differences)) answer(line);
      if (differences.length === 0) say('no difference');
    });
}
