import { Failure } from '../failure.ts';
import type { MigrationLine } from './alembic.ts';

/** The Failure of a program of the user's that moves a schema, by the code that the line gives it. */
export function programFailed(verb: string, line: MigrationLine): Failure {
  const { service, code, error = '', stands } = line;
  const said = waysToFail(service);
  const known = said.find((one) => one.code === code) ?? said[0];
  const why = error.replace(/^ProgramError: /, '');
  return new Failure({
    ...known,
    what: `The ${verb} of ${service} failed: ${known.what}`,
    why: stands ? `${why}\n${service} is at ${stands}` : why,
  });
}

function waysToFail(service: string) {
  return [
    {
      code: 'MIGRATION_PROGRAM_FAILED',
      what: 'its program ended with an error',
      fix: 'Run the program on a database of your own, fix what it reports, and deploy again.',
    },
    {
      code: 'MIGRATION_PROGRAM_DENIED',
      what: 'its program asked the database for more than a migration may',
      fix: `The program works as ${service}_owner, in the schema ${service}: let it name no other schema and no role. Extensions and roles are the platform’s, not a migration’s.`,
    },
    {
      code: 'MIGRATION_PROGRAM_LATE',
      what: 'its program did not end in time',
      fix: 'Say `timeout: 20m` beside `up`, or split what it applies into several deploys.',
    },
    {
      code: 'MIGRATION_PROGRAM_MISSING',
      what: 'its program cannot be started',
      fix: 'Install the program where the deploy runs, or put it into the folder of the migrations, beginning with `#!` and its interpreter, and write it with a slash: `./migrate`.',
    },
  ] as const;
}
