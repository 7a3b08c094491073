import { openState } from '../backups/open-state.ts';
import type { StackName } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { readObject, statObject } from '../gcp/objects.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';
import { projectsOf, readState } from './state-text.ts';
import type { StateText } from './state-text.ts';

/** A backup that may be restored: its bytes, and what they say. */
export interface SoundBackup {
  readonly object: string;
  readonly text: string;
  readonly state: StateText;
}

/**
 * Reads a backup of a stack's state and refuses one that is not what was written, is of another
 * environment or stack, or holds nothing. Its digest was kept beside it when it was written.
 */
export async function checkBackup(
  site: Site,
  stack: StackName,
  object: string,
): Promise<SoundBackup> {
  const ref = { bucket: site.releaseBucket, name: object };
  const stored = await statObject(site.google, ref);
  if (!stored) throw refused(object, 'there is no such object');
  const content = await readObject(site.google, { ...ref, generation: stored.generation });
  const kept = stored.metadata;
  if (!content || content.length === 0) throw refused(object, 'it is empty');
  if (sha256(content) !== kept['sha256'])
    throw refused(object, `its sha256 is ${sha256(content)}, written was ${kept['sha256'] ?? '?'}`);
  if (kept['project'] !== site.environment.project || kept['stack'] !== stack)
    throw refused(object, `it is of ${kept['stack'] ?? '?'} in ${kept['project'] ?? '?'}`);
  const opened = await openState(site, content, { object, keyId: kept['keyId'] }).catch(
    (error: unknown) => {
      throw error instanceof Failure && error.code === 'BACKUP_DAMAGED'
        ? refused(object, error.why)
        : error;
    },
  );
  const text = String(opened);
  const state = readState(text);
  if (!state) throw refused(object, 'it is not a Terraform state of format 4');
  if (state.resources.length === 0) throw refused(object, 'it holds no resources');
  const foreign = projectsOf(state).filter((project) => project !== site.environment.project);
  if (foreign.length > 0) throw refused(object, `its resources lie in ${foreign.join(', ')}`);
  return { object, text, state };
}

/** The Failure for a backup that may not be restored. */
export function refused(object: string, why: string): Failure {
  return new Failure({
    code: 'STATE_BACKUP_REFUSED',
    what: `${object} is not restored`,
    why,
    fix: 'Choose another one: `windlass state list -e ENVIRONMENT` shows them all.',
  });
}
