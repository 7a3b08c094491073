import type { Deploy } from './deploy.ts';

/** What a run observed before it touched things: all that its undos need, and no secret. */
export type Receipts = Pick<
  Deploy,
  | 'bundle'
  | 'supabaseBefore'
  | 'supabaseRef'
  | 'secretsBefore'
  | 'secretVersions'
  | 'revisionsBefore'
  | 'trafficBefore'
>;

/** The receipts among all that a run knows. */
export function receiptsOf(d: Deploy): Receipts {
  const secretVersions = d.secretVersions ?? d.plan?.secretVersions;
  return {
    ...(d.bundle && { bundle: d.bundle }),
    ...(d.supabaseBefore && { supabaseBefore: d.supabaseBefore }),
    ...(d.supabaseRef !== undefined && { supabaseRef: d.supabaseRef }),
    ...(d.secretsBefore && { secretsBefore: d.secretsBefore }),
    ...(secretVersions && { secretVersions }),
    ...(d.revisionsBefore && { revisionsBefore: d.revisionsBefore }),
    ...(d.trafficBefore && { trafficBefore: d.trafficBefore }),
  };
}
