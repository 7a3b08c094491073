import { Failure } from '../failure.ts';

/** The run's processes are gone and left no outcome. */
export function lost(runDir: string): Failure {
  return new Failure({
    code: 'TERRAFORM_LOST',
    class: 'reconcile',
    what: 'Terraform and its supervisor ended without a result',
    why: `Both processes recorded in ${runDir} are dead (killed, or the machine restarted).`,
    fix: 'The next attempt releases its lock, stores the state that it left behind and plans again. Where the run has ended: `windlass recover -e ENVIRONMENT --reconcile`.',
  });
}

/** We stopped watching; the run goes on. */
export function leftAlone(runDir: string): Failure {
  return new Failure({
    code: 'TERRAFORM_STILL_RUNS',
    class: 'retry',
    what: 'Terraform is still running; the worker stopped watching it',
    why: `The worker is shutting down. The supervisor in ${runDir} continues.`,
    fix: 'No action needed: the next attempt takes it over.',
  });
}

/** One run directory was used for two commands. */
export function mixedUp(runDir: string, command: readonly string[]): Failure {
  return new Failure({
    code: 'TERRAFORM_RUN_MIXED_UP',
    what: 'Two different Terraform commands share one run key',
    why: `${runDir} belongs to: ${command.join(' ')}`,
    fix: 'This is a bug in Windlass: every command needs its own run directory. Please report it with the run id.',
  });
}

/** The supervisor could not even write its record. */
export function neverBegan(runDir: string): Failure {
  return new Failure({
    code: 'TERRAFORM_NOT_STARTED',
    class: 'retry',
    what: 'The supervisor of Terraform did not start',
    why: `It ended before it wrote its record to ${runDir}; is the disk full?`,
    fix: 'Free some space, then try again: nothing was changed.',
  });
}
