import { drillVerdict } from '../src/drills/drill-verdict.ts';
import type { Deploy } from '../src/deploy.ts';
import type { Notice } from '../src/notice.ts';
import { sendNotice } from '../src/notices/send-notice.ts';
import { readLedger } from '../src/releases/ledger.ts';
import type { Work } from './edge.ts';

/** Sends a notice to the webhook of windlass.yaml; nothing where there is none. */
export async function notify(
  { notice }: { readonly environment: string; readonly runId: string; readonly notice: Notice },
  { site }: Work,
): Promise<void> {
  await sendNotice(site, notice);
}

/** Why a drill is overdue, in words; null where it is not. */
export async function overdueDrill(_d: Deploy, { site }: Work): Promise<string | null> {
  const { verdict, why } = drillVerdict(await readLedger(site), site.config.drill, new Date());
  return verdict === 'fine' ? null : why;
}
