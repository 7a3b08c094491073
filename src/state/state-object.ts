import type { StackName } from '../deploy.ts';
import type { ObjectRef } from '../gcp/stored-object.ts';
import type { Site } from '../site.ts';
import { stateName } from './state-name.ts';

/** The object in which Terraform's `gcs` backend keeps the state of a stack. */
export async function stateObject(site: Site, stack: StackName): Promise<ObjectRef> {
  return { bucket: site.stateBucket, name: `${await stateName(site, stack)}/default.tfstate` };
}

/** The object whose being there is Terraform's lock of that state. */
export async function lockObject(site: Site, stack: StackName): Promise<ObjectRef> {
  return { bucket: site.stateBucket, name: `${await stateName(site, stack)}/default.tflock` };
}
