import { Failure } from '../failure.ts';
import type { MigrationLine } from './alembic.ts';

/** The Failure of a revision that a timeout ended, and whose timeout it was; undefined for others. */
export function refusedByLocks(
  verb: string,
  line: MigrationLine | undefined,
  holders: readonly string[],
): Failure | undefined {
  const state = line?.sqlstate ?? '';
  if (!line || !(state in causes)) return undefined;
  const who = holders.length === 0 ? [] : [`held by ${holders.join('; ')}`];
  const stands = line.stands ? [`${line.service} is at ${line.stands}`] : [];
  return new Failure({
    code: state === '57014' ? 'STATEMENT_TIMEOUT' : 'TABLE_LOCKED',
    what: `The ${verb} of ${line.service} at revision ${line.failed ?? '?'} ${causes[state] ?? ''}`,
    why: [line.error ?? '', ...who, ...whose(state, line.limits), ...stands]
      .filter(Boolean)
      .join('\n'),
    fix: state === '57014' ? longer : letGo,
  });
}

/** Whose timeout, and where it is written. */
function whose(state: string, limits: MigrationLine['limits']): readonly string[] {
  if (!limits) return [];
  const { lock, patience, statement } = limits;
  if (state !== '57014')
    return [
      `Windlass’s own lock_timeout: ${lock} s a try, tried again for ${patience} s (migrations.lockTimeout and migrations.patience, or the revision’s own)`,
    ];
  const most = statement === null ? 'none' : `${statement} s`;
  return [
    `Windlass’s own statement_timeout: ${most}, for what runs concurrently ${patience} s at most (migrations.statementTimeout and migrations.patience, or the revision’s own), unless the statement was cancelled by hand`,
  ];
}

const causes: Readonly<Record<string, string>> = {
  '55P03': 'could not get its locks',
  '40P01': 'ran into a deadlock',
  '40001': 'conflicted with other sessions',
  '57014': 'took too long, or was cancelled',
};

const letGo =
  'End that session (`select pg_terminate_backend(PID)`) or wait for it, then deploy again; ' +
  '`windlass_lock_timeout = "10s"` or `windlass_patience = "20m"` in the revision’s file changes it there.';
const longer =
  'Say `windlass_statement_timeout = "20m"` in the revision’s file (or migrations.statementTimeout), ' +
  'or split its work into smaller revisions.';
