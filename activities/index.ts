import type { Place } from '../src/endpoints.ts';
import { statesMoved } from './approval.ts';
import { backUp } from './backup.ts';
import { bindTraffic } from './bind.ts';
import { hearBudget, settleBudget } from './budget.ts';
import { checkDrift } from './drift.ts';
import { checkWord } from './check-word.ts';
import { claimDrill, destroyDrill, foreseeDrill, recordDrill } from './drill.ts';
import {
  endDatabase,
  endFoundation,
  endReleases,
  endSchedules,
  endServices,
  endStates,
  planDestruction,
  recordDestruction,
} from './destroy.ts';
import { edge } from './edge.ts';
import { applyFoundation, undoFoundation } from './foundation.ts';
import { downgrade, downgradeToTarget, migrate, observeRevisions } from './migrate.ts';
import { markEnvironment, recordOutcome } from './outcome.ts';
import { notify, overdueDrill } from './notify.ts';
import { openServices } from './open.ts';
import { dropLease, holdLease, parkLease, takeLease } from './lease.ts';
import { planRelease, planRollback } from './plan.ts';
import { pruneBackups } from './prune.ts';
import { promote, restoreTraffic, trafficToTarget } from './promote.ts';
import {
  mendStates,
  planRecovery,
  recoverFoundation,
  recoverServices,
  restoreData,
} from './recover.ts';
import { freeLocks, planReconcile, restoreSchema, verifyStanding } from './reconcile.ts';
import { verifyAndRecord } from './record.ts';
import { removeLeaving } from './remove.ts';
import {
  fillSecrets,
  observeSecrets,
  proveLogins,
  refillSecrets,
  withdrawSecrets,
} from './secrets.ts';
import { applyServices, applyTargetServices, observeTraffic, undoServices } from './services.ts';
import { whoChanges } from './quiet.ts';
import { smokeTest } from './smoke.ts';
import { started } from './started.ts';
import { underLease, untilGivenBack } from './under-lease.ts';
import { checkWayBack } from './way-back.ts';
import { bootstrapSupabase, observeSupabase, restoreSupabase } from './supabase.ts';

/** Every activity by name; each works on the environment that its input names. */
export function createActivities(place: Place) {
  const at = edge(place);
  return {
    planRelease: at(started('deploy', planRelease)),
    ...marks(at),
    planReconcile: at(started('reconcile', planReconcile)),
    freeLocks: at(underLease(freeLocks)),
    restoreSchema: at(underLease(restoreSchema)),
    verifyStanding: at(underLease(verifyStanding)),
    planRollback: at(started('rollback', planRollback)),
    checkWayBack: at(checkWayBack),
    backUp: at(backUp),
    applyFoundation: at(underLease(applyFoundation)),
    undoFoundation: at(underLease(undoFoundation)),
    observeSupabase: at(observeSupabase),
    bootstrapSupabase: at(underLease(bootstrapSupabase)),
    restoreSupabase: at(underLease(restoreSupabase)),
    observeSecrets: at(observeSecrets),
    fillSecrets: at(underLease(fillSecrets)),
    refillSecrets: at(underLease(refillSecrets)),
    proveLogins: at(proveLogins),
    removeLeaving: at(underLease(removeLeaving)),
    statesMoved: at(statesMoved),
    checkWord: at(checkWord),
    withdrawSecrets: at(underLease(withdrawSecrets)),
    observeRevisions: at(observeRevisions),
    migrate: at(underLease(migrate)),
    downgrade: at(underLease(downgrade)),
    downgradeToTarget: at(underLease(downgradeToTarget)),
    observeTraffic: at(observeTraffic),
    bindTraffic: at(underLease(bindTraffic)),
    applyServices: at(underLease(applyServices)),
    applyTargetServices: at(underLease(applyTargetServices)),
    undoServices: at(underLease(undoServices)),
    smokeTest: at(underLease(smokeTest)),
    openServices: at(underLease(openServices)),
    promote: at(underLease(promote)),
    trafficToTarget: at(underLease(trafficToTarget)),
    restoreTraffic: at(underLease(restoreTraffic)),
    verifyAndRecord: at(underLease(verifyAndRecord)),
    ...beside(at),
    ...recovery(at),
    ...destruction(at),
  };
}

/** What a recovery alone does. */
function recovery(at: ReturnType<typeof edge>) {
  return {
    planRecovery: at(started('recover', planRecovery)),
    mendStates: at(underLease(mendStates)),
    recoverFoundation: at(underLease(recoverFoundation)),
    restoreData: at(underLease(restoreData)),
    recoverServices: at(underLease(recoverServices)),
  };
}

/** What a destruction alone does. */
function destruction(at: ReturnType<typeof edge>) {
  return {
    planDestruction: at(started('destroy', planDestruction)),
    endSchedules: at(underLease(endSchedules)),
    endServices: at(underLease(endServices)),
    endDatabase: at(underLease(endDatabase)),
    endFoundation: at(underLease(endFoundation)),
    endStates: at(underLease(endStates)),
    recordDestruction: at(underLease(recordDestruction)),
    endReleases: at(endReleases),
  };
}

/** Who may change the environment, what was begun, and how it ended. */
function marks(at: ReturnType<typeof edge>) {
  return {
    takeLease: at(takeLease),
    holdLease: at(holdLease),
    parkLease: at(parkLease),
    dropLease: at(dropLease),
    markEnvironment: at(markEnvironment),
    recordOutcome: at(untilGivenBack(recordOutcome)),
  };
}

/** What is done beside deploys. */
function beside(at: ReturnType<typeof edge>) {
  return {
    whoChanges: at(whoChanges),
    notify: at(notify),
    overdueDrill: at(overdueDrill),
    hearBudget: at(hearBudget),
    settleBudget: at(settleBudget),
    foreseeDrill: at(foreseeDrill),
    claimDrill: at(claimDrill),
    destroyDrill: at(destroyDrill),
    recordDrill: at(recordDrill),
    checkDrift: at(checkDrift),
    pruneBackups: at(pruneBackups),
  };
}

/** What workflows may call. */
export type Activities = ReturnType<typeof createActivities>;
