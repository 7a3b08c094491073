import { Failure } from '../failure.ts';
import { shortBuild } from '../temporal/versions/bundle.ts';

/** No run is there to be told anything. */
export function nothingRuns(environment: string, state?: string): Failure {
  return new Failure({
    code: 'NOTHING_RUNS',
    what: `No run of ${environment} is in progress`,
    why: state
      ? `its newest run has ended (${state})`
      : 'its newest run has ended, or there has been none',
    fix: `See \`make ${environment}-status\`.`,
  });
}

/** A run is open, and nothing answers for it. */
export function runSilent(
  environment: string,
  { buildId, cause }: { readonly buildId?: string; readonly cause?: unknown },
): Failure {
  const code = buildId === undefined ? '' : ` (workflow code ${shortBuild(buildId)})`;
  return new Failure({
    code: 'RUN_SILENT',
    what: `The run of ${environment} does not respond`,
    why: `no worker is processing it at the moment${code}`,
    fix:
      'Check .windlass/log/worker.log, or at the log of your own worker; ' +
      `then \`windlass status -e ${environment} --watch\`, and run the command again.`,
    class: 'retry',
    cause,
  });
}

/** A run is open, and its code cannot go on. */
export function runStuck(environment: string, why: string, cause: unknown): Failure {
  return new Failure({
    code: 'RUN_STUCK',
    what: `The run of ${environment} cannot continue`,
    why,
    fix:
      'Start a worker of the Windlass version that started it. If that is gone: terminate the run in the ' +
      `Temporal UI (\`windlass ui -e ${environment}\`), then ` +
      `\`windlass recover --reconcile -e ${environment}\`.`,
    cause,
  });
}
