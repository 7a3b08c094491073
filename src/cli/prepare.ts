import type { Place } from '../endpoints.ts';
import { environmentOf, readConfig, requireSources } from '../config/read-config.ts';
import { refuseUnbuildable } from '../images/require-builder.ts';
import { requirePrivateTransport } from '../temporal/private-transport.ts';
import { say } from './output/say.ts';
import { preflight } from './preflight.ts';
import { requireHome } from './require-home.ts';
import { sandboxUp } from './sandbox-process.ts';
import { ensureWorker } from './worker-process.ts';

/**
 * Everything that must hold before a run: windlass.yaml is right, the tools are there, the sandbox
 * and a worker are up. Nothing of the environment is touched.
 */
export async function prepare(
  place: Place,
  environment: string,
  needs: { readonly sources?: boolean } = {},
): Promise<void> {
  const config = await readConfig(place.root);
  const { target } = environmentOf(config, environment);
  if (target === 'cloud') await requirePrivateTransport(place.home);
  if (needs.sources) {
    requireSources(place.root, config, environment);
    if (target === 'cloud') await refuseUnbuildable(place.root, config, environment);
  }
  await requireHome(place.home);
  await preflight();
  const slow = setTimeout(() => say('starting the sandbox and a worker …'), patienceMs);
  try {
    if (process.env['TEMPORAL_ADDRESS'] === undefined || hasSandbox(config))
      await sandboxUp(place, config);
    await ensureWorker(place);
  } finally {
    clearTimeout(slow);
  }
}

/** Nobody should look at an empty screen for longer, in milliseconds. */
const patienceMs = 700;

function hasSandbox({ environments }: Awaited<ReturnType<typeof readConfig>>): boolean {
  return Object.values(environments).some(({ target }) => target === 'sandbox');
}
