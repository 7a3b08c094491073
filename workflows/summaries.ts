const summaries: Readonly<Record<string, string>> = {
  planRelease: 'Make the release; plan both stacks, migrations, settings, cost',
  planRollback: 'Find the release to return to; plan the way back',
  backUp: 'Copy states, dump the database, prove the dump by a restore',
  applyFoundation: 'Apply the foundation, wait until permissions have spread',
  undoFoundation: 'Wind back: the previous foundation, or its end',
  observeSupabase: 'Read the Supabase project as it is',
  bootstrapSupabase: 'Project, settings, SSL, one role per service',
  restoreSupabase: 'Wind back: the settings read before',
  observeSecrets: 'Read the newest version of every secret',
  fillSecrets: 'Fill empty secrets, pin version numbers',
  withdrawSecrets: 'Wind back: disable the versions that this run added',
  observeRevisions: 'Read the Alembic revision of every schema',
  migrate: 'Migrate the restored copy, then the database',
  downgrade: 'Wind back: downgrade where that loses nothing',
  downgradeToTarget: 'Downgrade to the release’s revisions where that loses nothing',
  observeTraffic: 'Read the traffic of every service',
  applyServices: 'Push images, create revisions without traffic, tag candidates',
  applyTargetServices: 'Apply the services of the release to return to',
  undoServices: 'Wind back: the previous services, or their end',
  smokeTest: 'Ask every candidate; probe row security; walk the voucher flow',
  promote: 'Move all traffic to the candidates',
  trafficToTarget: 'Move all traffic to the release to return to',
  restoreTraffic: 'Wind back: the recorded traffic',
  verifyAndRecord: 'Ask the cloud whether it agrees; write the ledger',
  pruneBackups: 'Let go of the backups that the rule does not keep',
  planRecovery: 'Find the newest sound backup and the release to recover',
  mendStates: 'Restore states that are gone, unreadable or behind',
  recoverFoundation: 'Apply the foundation, adopt what survived',
  restoreData: 'Restore the database from the backup, unless it survived',
  recoverServices: 'Create the services again, adopt what survived',
};

/** What the UI shows on the bar of an activity. */
export function summaryOf(activity: string): string {
  return summaries[activity] ?? activity;
}
