import type { Deploy, ReleaseRef } from '../src/deploy.ts';
import { asReleased } from '../src/releases/as-released.ts';
import { ensureExternal } from '../src/secret-values/external.ts';
import { adoptUnwritten } from '../src/stacks/adopt-unwritten.ts';
import { applyApproved } from '../src/stacks/apply-approved.ts';
import { needed, planOf } from '../src/stacks/needed.ts';
import { openStack } from '../src/stacks/open-stack.ts';
import { pushImages } from '../src/stacks/push-images.ts';
import { restoreStack } from '../src/stacks/restore-stack.ts';
import { watchOf } from '../src/stacks/watch.ts';
import type { Work } from './edge.ts';

const stack = '10-foundation';

/** Applies the approved foundation; its grants spread while the steps after it work. */
export async function applyFoundation(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const release = needed(d.bundle, 'the release');
  const opened = await openStack(
    work.site,
    d.runId,
    { release, stack, secretVersions: {}, alongside: d.previous },
    work.signal,
  );
  await ensureExternal(work.site, work.signal);
  await applyApproved(work.site, opened, planOf(d, stack), watchOf(work));
  return { foundationWritten: true };
}

/** The previous foundation on the current state; on a first deploy, the end of what it created. */
export async function undoFoundation(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const foreign =
    d.foundationWritten === true ? [] : await adoptUnwritten(work.site, d, stack, watchOf(work));
  const stays = [...foreign, ...(await restoreStack(work.site, d, stack, watchOf(work)))];
  // Where the registry was replaced it is empty now.
  if (d.previous) await pushReleased(d.previous.release, work);
  return stays.length === 0 ? {} : { kept: [...(d.kept ?? []), ...stays] };
}

async function pushReleased(release: ReleaseRef, { site, signal, beat }: Work): Promise<void> {
  await pushImages(await asReleased(site, release), release, { signal, beat });
}
