import { Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { projectPlace } from '../../place.ts';
import { gatherContents } from '../../releases/contents.ts';
import { imageRoomOf } from '../../releases/image-room-of.ts';
import { mendRelease } from '../../releases/mend-release.ts';
import { sbomPartsOf } from '../../releases/sbom-parts.ts';
import { sbomOf } from '../../releases/sbom.ts';
import { findRelease, listReleases } from '../../releases/store.ts';
import { treeLine } from '../../tree-facts.ts';
import { ledgerShown } from '../ledger-shown.ts';
import { environmentOption } from '../options.ts';
import { sayFailure } from '../output/failure.ts';
import { answer, answerJson, say } from '../output/say.ts';

/** `windlass releases [repair|sbom]`: every stored release, what it was made of, what became of it. */
export function releasesCommand() {
  return new Command('releases')
    .description('list the stored releases, repair a damaged one, print its parts')
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(mendCommand())
    .addCommand(sbomCommand());
}

function sbomCommand() {
  return new Command('sbom')
    .description('print the parts of a release as a CycloneDX document')
    .argument('<release>')
    .addOption(environmentOption())
    .action(async (release, { environment }) => {
      const site = await siteOf(projectPlace(), environment);
      answerJson(sbomOf(await sbomPartsOf(site, await findRelease(site, release))));
    });
}

function mendCommand() {
  return new Command('repair')
    .alias('mend')
    .description('restore a damaged bundle from older generations or from this tree')
    .argument('<release>')
    .addOption(environmentOption())
    .action(async (release, { environment }) => {
      const site = await siteOf(projectPlace(), environment);
      const room = imageRoomOf(site, { tell: say });
      const tree = await gatherContents(site.root, site.written, room).catch(() => undefined);
      for (const line of await mendRelease(site, release, tree)) answer(line);
    });
}

function listCommand() {
  return new Command('list')
    .description('every stored release, oldest first')
    .addOption(environmentOption())
    .option('--json', 'as JSON')
    .action(async ({ environment, json }) => {
      const site = await siteOf(projectPlace(), environment);
      const { ledger, broken } = await ledgerShown(site);
      const releases = (await listReleases(site)).map((release) => ({
        ...release,
        runs: ledger.filter((entry) => entry.release?.id === release.id),
      }));
      if (broken) process.exitCode = 3;
      if (broken) sayFailure(broken);
      if (json) return answerJson(releases);
      for (const { id, at, tree, runs } of releases) {
        const from = tree ? `  from ${treeLine(tree)}` : '';
        const ended = runs.map(({ kind, outcome }) => `${kind} ${outcome}`).join(', ');
        answer(`${id}  ${at}${from}  ${ended}`);
      }
    });
}
