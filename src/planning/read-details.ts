import type { Plan } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { readObject } from '../gcp/objects.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';
import { PlanDetails } from './plan-details.ts';
import { readStored } from '../stored-json.ts';

/** The plan in full; a Failure where its bytes are not those of its digest. */
export async function readDetails(site: Site, { details }: Plan): Promise<PlanDetails> {
  const ref = { bucket: site.releaseBucket, name: details.object };
  const content = await readObject(site.google, ref);
  if (content && sha256(content) === details.sha256)
    return readStored(content, {
      schema: PlanDetails,
      what: 'The plan',
      where: `gs://${ref.bucket}/${ref.name}`,
      fix: 'Plan again.',
    });
  throw new Failure({
    code: 'PLAN_LOST',
    what: 'The plan is missing or damaged',
    why: `${details.object} should have the sha256 ${details.sha256}`,
    fix: 'Plan again.',
  });
}
