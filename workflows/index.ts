import { backup as runBackup } from './backup.ts';
import { believing } from './believed.ts';
import { deploy as runDeploy } from './deploy.ts';
import { drift as runDrift } from './drift.ts';
import { drill as runDrill } from './drill.ts';
import { destroy as runDestroy } from './destroy.ts';
import { deliver as runDeliver } from './notices.ts';
import { reconcile as runReconcile } from './reconcile.ts';
import { recover as runRecover } from './recover.ts';
import { rollback as runRollback } from './rollback.ts';

// The names are frozen: histories and schedules know the workflows by them.
export const backup = believing(runBackup);
export const deploy = believing(runDeploy);
export const deliver = believing(runDeliver);
export const destroy = believing(runDestroy);
export const drift = believing(runDrift);
export const drill = believing(runDrill);
export const reconcile = believing(runReconcile);
export const recover = believing(runRecover);
export const rollback = believing(runRollback);
