import { readConfig } from '../config/read-config.ts';
import { requirePrivateTransport } from './private-transport.ts';

/**
 * Keeps a worker from starting that would work on the real clouds by a Temporal in plain text; one
 * without a windlass.yaml learns of them by its first activity, which is refused then.
 */
export async function refuseOpenDoor({
  root,
  home,
}: {
  root: string;
  home: string;
}): Promise<void> {
  const config = await readConfig(root).catch(() => undefined);
  const clouds = Object.values(config?.environments ?? {}).some(({ target }) => target === 'cloud');
  if (clouds) await requirePrivateTransport(home);
}
