/** What Postgres' SQLSTATE says can be done; undefined where the statement itself is at fault. */
export type DatabaseTrouble = 'lost' | 'busy' | 'full' | 'read-only';

/**
 * Sorts a SQLSTATE (https://www.postgresql.org/docs/17/errcodes-appendix.html): the session or the
 * server is gone (class 08, 57P01-57P03, 57P05), somebody is in the way (40001, 40P01, 53300,
 * 55P03), its disk is full (53100), it takes no writes (25006).
 */
export function troubleOf(sqlstate: string): DatabaseTrouble | undefined {
  if (sqlstate.startsWith('08')) return 'lost';
  return troubles[sqlstate];
}

const troubles: Readonly<Record<string, DatabaseTrouble>> = {
  '57P01': 'lost', // admin_shutdown
  '57P02': 'lost', // crash_shutdown
  '57P03': 'lost', // cannot_connect_now: it starts or stops
  '57P05': 'lost', // idle_session_timeout
  '25P03': 'lost', // idle_in_transaction_session_timeout
  '40001': 'busy', // serialization_failure
  '40P01': 'busy', // deadlock_detected
  '53300': 'busy', // too_many_connections
  '55P03': 'busy', // lock_not_available
  '53100': 'full', // disk_full
  '25006': 'read-only', // read_only_sql_transaction
};
