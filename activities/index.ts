import type { Place } from '../src/endpoints.ts';
import { statesMoved } from './approval.ts';
import { backUp } from './backup.ts';
import { bindTraffic } from './bind.ts';
import { hearBudget, settleBudget } from './budget.ts';
import { checkDrift } from './drift.ts';
import { checkWord } from './check-word.ts';
import { claimDrill, destroyDrill, foreseeDrill, recordDrill } from './drill.ts';
import { edge } from './edge.ts';
import { applyFoundation, undoFoundation } from './foundation.ts';
import { downgrade, downgradeToTarget, migrate, observeRevisions } from './migrate.ts';
import { markEnvironment, recordOutcome } from './outcome.ts';
import { notify, overdueDrill } from './notify.ts';
import { openServices } from './open.ts';
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
import { checkWayBack } from './way-back.ts';
import { bootstrapSupabase, observeSupabase, restoreSupabase } from './supabase.ts';

/** Every activity by name; each works on the environment that its input names. */
export function createActivities(place: Place) {
  const at = edge(place);
  return {
    planRelease: at(started('deploy', planRelease)),
    markEnvironment: at(markEnvironment),
    recordOutcome: at(recordOutcome),
    planReconcile: at(started('reconcile', planReconcile)),
    freeLocks: at(freeLocks),
    restoreSchema: at(restoreSchema),
    verifyStanding: at(verifyStanding),
    planRollback: at(started('rollback', planRollback)),
    checkWayBack: at(checkWayBack),
    backUp: at(backUp),
    applyFoundation: at(applyFoundation),
    undoFoundation: at(undoFoundation),
    observeSupabase: at(observeSupabase),
    bootstrapSupabase: at(bootstrapSupabase),
    restoreSupabase: at(restoreSupabase),
    observeSecrets: at(observeSecrets),
    fillSecrets: at(fillSecrets),
    refillSecrets: at(refillSecrets),
    proveLogins: at(proveLogins),
    removeLeaving: at(removeLeaving),
    statesMoved: at(statesMoved),
    checkWord: at(checkWord),
    withdrawSecrets: at(withdrawSecrets),
    observeRevisions: at(observeRevisions),
    migrate: at(migrate),
    downgrade: at(downgrade),
    downgradeToTarget: at(downgradeToTarget),
    observeTraffic: at(observeTraffic),
    bindTraffic: at(bindTraffic),
    applyServices: at(applyServices),
    applyTargetServices: at(applyTargetServices),
    undoServices: at(undoServices),
    smokeTest: at(smokeTest),
    openServices: at(openServices),
    promote: at(promote),
    trafficToTarget: at(trafficToTarget),
    restoreTraffic: at(restoreTraffic),
    verifyAndRecord: at(verifyAndRecord),
    ...beside(at),
    planRecovery: at(started('recover', planRecovery)),
    mendStates: at(mendStates),
    recoverFoundation: at(recoverFoundation),
    restoreData: at(restoreData),
    recoverServices: at(recoverServices),
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
