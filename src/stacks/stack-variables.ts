import { join } from 'node:path';
import { readGoogleProject } from '../gcp/project.ts';
import { candidateTag } from '../gcp/traffic-split.ts';
import { serviceAddresses } from '../gcp/service-address.ts';
import { servicesIn } from '../config/services-in.ts';
import { releasedHere } from '../releases/as-released.ts';
import { releasedImages } from '../releases/released-images.ts';
import { BundledConfig, BundledImages } from '../releases/store.ts';
import type { Site } from '../site.ts';
import { foundationVariables, servicesVariables } from '../terraform/variables.ts';
import { withLeaving } from './alongside.ts';
import { whileClosed } from './closed.ts';
import { imageReferences } from './images.ts';
import type { StackInputs } from './open-stack.ts';
import { readJson } from './read-json.ts';

/** The variables of a stack, from the bundle that lies unpacked in `folder`. */
export async function stackVariables(
  site: Site,
  folder: string,
  { stack, secretVersions, alongside, closed = [] }: Omit<StackInputs, 'release'>,
): Promise<object> {
  const bundled = await readJson(join(folder, 'windlass.json'), BundledConfig);
  const { environments } = bundled;
  const own = servicesIn(bundled, site.name);
  const before = alongside && (await releasedHere(site, alongside.release));
  // The budget too is that of the release: an undo brings back whom it told.
  const environment = environmentOf(site, environments[site.name] ?? site.environment);
  if (stack === '10-foundation') {
    const services = withLeaving(own, before?.services ?? {}, { keepSecrets: true });
    const billed = { ...environment, projectNumber: await numberForBudget(site, environment) };
    return foundationVariables({ environment: billed, services, repository: site.config.name });
  }
  const digests = await readJson(join(folder, 'images.json'), BundledImages);
  const older = alongside ? await releasedImages(site, alongside.release) : {};
  // Those of another region have a state of their own, and stay by being left alone.
  const beside = before?.region === site.config.region ? before.services : {};
  const services = withLeaving(whileClosed(own, beside, closed), beside, { keepSecrets: false });
  const called = Object.values(services).flatMap(({ calls }) => calls);
  const tried = Object.values(services).flatMap(({ candidates, calls }) =>
    candidates ? calls : [],
  );
  return servicesVariables({
    environment,
    services,
    addresses: await serviceAddresses(site.google, called),
    candidates: await serviceAddresses(site.google, tried, candidateTag),
    images: imageReferences(site, { ...older, ...digests }),
    secretVersions: { ...alongside?.secretVersions, ...secretVersions },
    deletionProtection: true,
  });
}

// Read here: the provider's own way, `data "google_project"`, asks an API that may not be on yet.
async function numberForBudget(
  { google }: Site,
  { billingAccount }: Pick<Site['environment'], 'billingAccount'>,
): Promise<string | undefined> {
  if (billingAccount === undefined) return undefined;
  return (await readGoogleProject(google)).projectNumber;
}

function environmentOf(
  { name, config, environment: { project } }: Site,
  { billingAccount, budgetEmail }: Pick<Site['environment'], 'billingAccount' | 'budgetEmail'>,
) {
  return { name, project, region: config.region, billingAccount, budgetEmail };
}
