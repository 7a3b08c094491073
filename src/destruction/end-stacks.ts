import type { Deploy, StackName } from '../deploy.ts';
import { deleteService } from '../gcp/delete-service.ts';
import { deleteSecret } from '../gcp/secret-container.ts';
import { thingsOf } from '../drills/what-is-left.ts';
import type { Site } from '../site.ts';
import { restoreStack } from '../stacks/restore-stack.ts';
import type { Watch } from '../terraform/supervise.ts';
import { judgeThings } from './judge-things.ts';
import type { Owned } from './judge-things.ts';
import { stateThings } from './state-things.ts';

type Watching = Omit<Watch, 'runDir'>;

/** Deletes the environment's services by the Run API, for Terraform refuses protected ones; then its stack. */
export async function endServices(site: Site, d: Deploy, watch: Watching): Promise<void> {
  const own = (await ownThings(site)).filter(({ kind }) => kind === 'service');
  await Promise.all(own.map(({ name }) => deleteService(site.google, name, watch)));
  await endStack(site, d, '20-services', watch);
}

/** Ends the foundation, then the secrets that no stack holds: those that a person fills. */
export async function endFoundation(site: Site, d: Deploy, watch: Watching): Promise<void> {
  await endStack(site, d, '10-foundation', watch);
  const labels = { 'managed-by': 'windlass', environment: site.name };
  for (const { kind, name } of await ownThings(site))
    if (kind === 'secret') await deleteSecret(site.google, { secret: name, labels });
}

/** What of the environment's the clouds and its states still hold. */
export async function ownThings(site: Site): Promise<readonly Owned[]> {
  const [states, things] = await Promise.all([stateThings(site), thingsOf(site)]);
  return judgeThings(site, states, things).owned;
}

async function endStack(
  site: Site,
  { plan: _beforeIt, ...d }: Deploy,
  stack: StackName,
  watch: Watching,
): Promise<void> {
  // Without a plan nothing counts as held before: all that the state holds goes.
  if (d.bundle) await restoreStack(site, { ...d, previous: null }, stack, watch);
}
