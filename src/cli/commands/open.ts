import { Argument, Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { projectPlace } from '../../place.ts';
import { addressesOf, places } from '../open/addresses.ts';
import { browse } from '../open/browse.ts';
import { environmentOption } from '../options.ts';
import { answer, answerJson } from '../output/say.ts';

/** `windlass open [PLACE]`: prints the address, and opens it where there is a browser. */
export function openCommand() {
  return new Command('open')
    .description('print the URL of the run, the logs or a console, and open it in a browser')
    .addArgument(new Argument('[place]', 'what to open').choices(places).default('ui' as const))
    .addOption(environmentOption())
    .option('--json', 'as JSON')
    .action(async (place, { environment, json }) => {
      const site = await siteOf(projectPlace(), environment);
      const addresses = await addressesOf(site, place);
      if (json) return answerJson({ environment, place, addresses });
      for (const address of addresses) answer(address);
      const [only, ...others] = addresses;
      // The key in a sandbox's log page is not for a command line, which anybody may read.
      if (only !== undefined && others.length === 0 && !only.includes('key=')) browse(only);
    });
}
