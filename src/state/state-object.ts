import type { ObjectRef } from '../gcp/stored-object.ts';
import type { Site } from '../site.ts';

/** The object in which Terraform's `gcs` backend keeps the state of a stack. */
export function stateObject({ stateBucket: bucket }: Site, stack: string): ObjectRef {
  return { bucket, name: `${stack}/default.tfstate` };
}
