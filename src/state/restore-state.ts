import type { StackName } from '../deploy.ts';
import { replaceObject } from '../gcp/object-changes.ts';
import { readObject, statObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { checkBackup, refused } from './check-backup.ts';
import type { SoundBackup } from './check-backup.ts';
import { holdLock } from './hold-lock.ts';
import { listStateBackups } from './list-backups.ts';
import { readState, withSerial } from './state-text.ts';
import { stateObject } from './state-object.ts';

/** What a restore did; the replaced state stays as an older generation of the object. */
export interface RestoredState {
  readonly stack: StackName;
  readonly from: string;
  readonly serial: number;
  readonly replacedGeneration: string;
  readonly resources: number;
}

/**
 * Writes a backup as the state of a stack, under Terraform's lock and with the next serial. It mends
 * a lost or damaged state; it is no rollback, for the world stays as it is. Plan afterwards.
 */
export async function restoreState(
  site: Site,
  stack: StackName,
  object?: string,
): Promise<RestoredState> {
  const from = object ?? (await newest(site, stack));
  const backup = await checkBackup(site, stack, from);
  return holdLock(site, stack, () => write(site, stack, backup));
}

async function write(site: Site, stack: StackName, backup: SoundBackup): Promise<RestoredState> {
  const ref = await stateObject(site, stack);
  const { generation = '0' } = (await statObject(site.google, ref)) ?? {};
  const current = generation === '0' ? undefined : await readObject(site.google, ref);
  const known = await whatIsKnown(site, stack, current);
  if (known.lineage !== undefined && known.lineage !== backup.state.lineage)
    throw refused(
      backup.object,
      `its lineage is ${backup.state.lineage}, the state's is ${known.lineage}`,
    );
  const serial = Math.max(known.serial, backup.state.serial) + 1;
  const text = Buffer.from(withSerial(backup.text, serial));
  await replaceObject(site.google, { ...ref, generation }, text, {
    contentType: 'application/json',
  });
  return {
    ...{ stack, from: backup.object, serial, replacedGeneration: generation },
    resources: backup.state.resources.length,
  };
}

/** Lineage and highest serial of the state; where it is gone or damaged, what the backups tell. */
async function whatIsKnown(
  site: Site,
  stack: StackName,
  current: Buffer | undefined,
): Promise<{ readonly lineage: string | undefined; readonly serial: number }> {
  const state = current && readState(String(current));
  if (state) return state;
  const backups = await listStateBackups(site, stack);
  const serials = backups.map(({ serial }) => Number(serial)).filter(Number.isInteger);
  return { lineage: backups.at(-1)?.lineage, serial: Math.max(0, ...serials) };
}

async function newest(site: Site, stack: StackName): Promise<string> {
  const last = (await listStateBackups(site, stack)).at(-1);
  if (last) return last.object;
  throw refused(`A backup of ${stack}`, `${site.releaseBucket} holds none`);
}
