import { z } from 'zod';
import type { StackName } from '../deploy.ts';
import { putOnce, readObject, statObject } from '../gcp/objects.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';
import { keyId } from './keys.ts';
import { sealBytes } from './seal-bytes.ts';
import { stateObject } from '../state/state-object.ts';
import { readStored } from '../stored-json.ts';

const State = z.object({ lineage: z.string(), serial: z.int() });

/** An encrypted copy of one stack's state, and which state it is a copy of. */
export interface StateBackup {
  readonly stack: StackName;
  readonly object: string;
  /** Of the object, as it is stored. */
  readonly sha256: string;
  readonly keyId: string;
  readonly lineage: string;
  readonly serial: number;
  readonly generation: string;
}

/** Copies a stack's state into the release bucket, encrypted; undefined where none exists. */
export async function backUpState(
  site: Site,
  stack: StackName,
  folder: string,
): Promise<StateBackup | undefined> {
  const ref = await stateObject(site, stack);
  const stored = await statObject(site.google, ref);
  if (!stored) return undefined;
  const { generation } = stored;
  const content = await readObject(site.google, { ...ref, generation });
  if (!content) return undefined;
  const where = `gs://${ref.bucket}/${ref.name}`;
  const what = `The state of ${stack}`;
  const { lineage, serial } = readStored(content, { schema: State, what, where, newest: 4 });
  const key = await site.backupKeys.current();
  const sealed = sealBytes(content, key);
  const digest = sha256(sealed);
  const object = `${folder}/${stack}-${serial}-${digest.slice(0, 12)}.tfstate.sealed`;
  const about = { sha256: digest, keyId: keyId(key) };
  await putOnce(site.google, { bucket: site.releaseBucket, name: object }, sealed, {
    metadata: {
      ...{ ...about, lineage, serial: String(serial), stack },
      project: site.environment.project,
    },
  });
  return { stack, object, ...about, lineage, serial, generation };
}
