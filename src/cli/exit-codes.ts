import { Failure } from '../failure.ts';

/** What each exit code of the command line means; part of its contract. */
export const exitCodeMeanings = {
  0: 'done',
  1: 'unexpected',
  2: 'usage or windlass.yaml is wrong',
  3: 'preflight failed, nothing was touched',
  4: 'failed and rolled back',
  5: 'something is left behind, and named',
  6: 'another run holds the environment',
  7: 'the environment differs from its release',
  130: 'you stopped watching, the run goes on',
} as const;

const byCode: Readonly<Record<string, number>> = {
  CONFIG_INVALID: 2,
  ENVIRONMENT_UNKNOWN: 2,
  USAGE: 2,
  NODE_TOO_OLD: 3,
  TERRAFORM_MISSING: 3,
  TERRAFORM_TOO_OLD: 3,
  PORT_IN_USE: 3,
  SANDBOX_DOWN: 3,
  NO_ROLLBACK_TARGET: 3,
  ALREADY_ROLLED_BACK: 3,
  RELEASE_UNKNOWN: 3,
  TEMPORAL_UNREACHABLE: 3,
  SUPABASE_TOKEN_MISSING: 3,
  ENVIRONMENT_DIRTY: 3,
  REHEARSAL_MISSING: 3,
  RESOURCE_EXISTS: 3,
  NOTHING_RUNS: 3,
  NOT_PARKED: 3,
  APPROVAL_NOT_WAITING: 3,
  APPROVAL_WRONG_DIGEST: 3,
  APPROVAL_SAME_PERSON: 3,
  APPROVAL_STATE_MOVED: 3,
  PLAN_LOST: 3,
  ENVIRONMENT_DISAGREES: 3,
  DATABASE_SURVIVED: 3,
  BACKUP_UNKNOWN: 3,
  NOTHING_TO_RECOVER: 3,
  NOTHING_DEPLOYED: 3,
  NO_BACKUP_TO_DRILL: 3,
  DRILL_OVERDUE: 3,
  NOT_CONFIRMED: 3,
  NOTHING_TO_MIGRATE: 3,
  MIGRATION_REFUSED: 3,
  MIGRATION_UNPROVEN: 3,
  MIGRATION_HEADS: 3,
  CONTRACT_TOO_EARLY: 3,
  SCHEMA_AHEAD: 3,
  SCHEMA_PAST_TARGET: 3,
  SECRET_STILL_KEPT: 3,
  BACKUP_KEY_MISSING: 3,
  POSTGRES_MAJOR_DIFFERS: 3,
  STATE_BACKUP_REFUSED: 3,
  RUN_TERMINATED: 5,
  STATE_LOCKED: 6,
  ENVIRONMENT_BUSY: 6,
};

/** The exit code for an error that ended a command before or beside a run. */
export function exitCodeFor(error: unknown): number {
  return error instanceof Failure ? (byCode[error.code] ?? 1) : 1;
}
