import { ofTrouble } from '../causes/sql-failure.ts';
import { troubleOf } from '../causes/sqlstate.ts';
import type { DatabaseTrouble } from '../causes/sqlstate.ts';
import { Failure } from '../failure.ts';
import type { MigrationLine } from './alembic.ts';
import { programFailed } from './program-failed.ts';

/** The Failure of a call of the migrations program, by the line that it ended with, or its words. */
export function migrationFailed(
  verb: string,
  line: MigrationLine | undefined,
  stderr: string,
): Failure {
  const last = stderr.trim().split('\n').slice(-10).join('\n');
  const error = line?.error ?? (last || 'the program ended with no output');
  const at = line?.failed ? ` at revision ${line.failed}` : '';
  if (line?.exception === 'windlass_guard.HeldError') return held(line);
  const trouble = troubleIn(line);
  if (line?.code && trouble !== 'lost') return programFailed(verb, line);
  const known = trouble && ofTrouble(trouble, error);
  return new Failure({
    code: known?.code ?? 'MIGRATION_FAILED',
    what: line ? `The ${verb} of ${line.service} failed${at}` : `The ${verb} of the schemas failed`,
    why: line?.stands ? `${error}\n${line.service} is at ${line.stands}` : error,
    fix:
      known?.fix ??
      'Fix the revision; what was applied before it is rolled back where that loses no data.',
    class: known?.class ?? 'undo',
  });
}

/** Somebody wrote between the question and the downgrade. */
function held({ failed, error = '' }: MigrationLine): Failure {
  return new Failure({
    code: 'DOWNGRADE_HELD',
    what: `The downgrade of ${failed} would lose data written since`,
    why: `${failed} cannot be downgraded: ${error.replace(/^HeldError: | \([^()]*, line \d+\)$/g, '')}`,
    fix: 'No action needed: the schema stays, and code of the older release works with it.',
  });
}

/** By SQLSTATE and type alone: a revision's own words may name a table `connections`. */
function troubleIn(line: MigrationLine | undefined): DatabaseTrouble | undefined {
  if (line?.sqlstate) return troubleOf(line.sqlstate);
  // libpq's own errors have no SQLSTATE: the server was not reached, or is gone
  return line?.exception === 'psycopg.OperationalError' ? 'lost' : undefined;
}
