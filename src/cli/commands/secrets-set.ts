import { Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import { unlessMissing } from '../../gcp/refusal.ts';
import { projectPlace } from '../../place.ts';
import { refuseOtherSource } from '../../planning/refuse-other-source.ts';
import { readLedger } from '../../releases/ledger.ts';
import { standingOf } from '../../releases/standing.ts';
import { externalSecrets, setExternal } from '../../secret-values/external.ts';
import { secretName, serviceSecrets } from '../../services.ts';
import type { ServiceSecret } from '../../services.ts';
import type { Site } from '../../site.ts';
import { environmentOption } from '../options.ts';
import { answer } from '../output/say.ts';
import { readValue } from '../read-value.ts';
import { refuseLeased } from '../refuse-held.ts';

/** `windlass secrets set`: a value of the user's own, from standard input into Secret Manager alone. */
export function setCommand() {
  return new Command('set')
    .description('set the value of an `external` secret, read from standard input')
    .argument('<service/name>', 'as named in windlass.yaml')
    .addOption(environmentOption())
    .action(async (which, { environment }) => {
      const site = await siteOf(projectPlace(), environment);
      const secret = chosen(site, which);
      await refuseLeased(site);
      const ledger = (await unlessMissing(readLedger(site))) ?? [];
      await refuseOtherSource(site, standingOf(ledger));
      const { version, added } = await setExternal(site, secret, await readValue(process.stdin));
      answer(
        added
          ? `${secret.id}: version ${version} holds the new value; \`windlass deploy -e ${environment}\` rolls it out to ${secret.service}`
          : `${secret.id}: version ${version} holds this value already`,
      );
    });
}

function chosen(site: Site, which: string): ServiceSecret {
  const [service, name, ...more] = which.split('/');
  const declared = serviceSecrets(site.config).find(
    (one) => one.service === service && secretName(one) === name && more.length === 0,
  );
  if (declared?.source === 'external') return declared;
  const known = externalSecrets(site).map((one) => `${one.service}/${secretName(one)}`);
  throw new Failure({
    code: 'USAGE',
    what: `There is no external secret ${which} in ${site.name}`,
    why: declared
      ? `windlass.yaml takes its value from \`${declared.source}\``
      : `windlass.yaml has ${known.length === 0 ? 'none' : known.join(', ')}`,
    fix: declared
      ? `\`${declared.source}\` fills it automatically; a value of your own needs \`external\` and another name.`
      : 'Name one of these, or declare it: `secrets: { NAME: external }` of the service.',
  });
}
