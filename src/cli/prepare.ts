import type { Place } from '../endpoints.ts';
import { environmentOf, readConfig, requireSources } from '../config/read-config.ts';
import { requireFiles } from '../config/require-files.ts';
import { refuseUnbuildable } from '../images/require-builder.ts';
import { requirePrivateTransport } from '../temporal/private-transport.ts';
import { ensureTools } from './ensure-tools.ts';
import { say } from './output/say.ts';
import { preflight } from '../doctor/preflight.ts';
import { requireHome } from './require-home.ts';
import { sandboxUp } from './sandbox-process.ts';
import { ensureWorker } from './worker-process.ts';

/** What a command takes from this machine's files. */
interface Needs {
  /** A release is made of the working tree. */
  readonly sources?: boolean;
  /** The files that windlass.yaml names must be there. */
  readonly files?: boolean;
}

/**
 * Everything that must hold before a run: windlass.yaml is right, the tools are there, the sandbox
 * and a worker are up. Nothing of the environment is touched.
 */
export async function prepare(place: Place, environment: string, needs: Needs = {}): Promise<void> {
  const config = await readConfig(place.root);
  const { target } = environmentOf(config, environment);
  if (target === 'cloud') await requirePrivateTransport(place.home);
  if (needs.files) {
    // Where a worker of another machine carries the run out, it looks at its own.
    const here = process.env['TEMPORAL_ADDRESS'] === undefined;
    const named = { sources: needs.sources, ...(here && { environment }) };
    await requireFiles(place.root, config, named);
  }
  if (needs.sources) {
    requireSources(place.root, config, environment);
    if (target === 'cloud') await refuseUnbuildable(place.root, config, environment);
  }
  await requireHome(place.home);
  await preflight();
  await ensureTools();
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
