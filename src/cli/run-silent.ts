import { Failure } from '../failure.ts';
import { shortBuild } from '../temporal/versions/bundle.ts';

/** No run is there to be told anything. */
export function nothingRuns(environment: string, state?: string): Failure {
  return new Failure({
    code: 'NOTHING_RUNS',
    what: `No run of ${environment} waits for anything`,
    why: state
      ? `its newest run has ended (${state})`
      : 'its newest run has ended, or there never was one',
    fix: `Look at \`make ${environment}-status\`.`,
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
    what: `The run of ${environment} does not answer`,
    why: `no worker carries it out at this moment${code}`,
    fix:
      'Look at .windlass/log/worker.log, or at the worker that you run yourself; ' +
      `then \`windlass status -e ${environment} --watch\`, and say it again.`,
    class: 'retry',
    cause,
  });
}

/** A run is open, and its code cannot go on. */
export function runStuck(environment: string, why: string, cause: unknown): Failure {
  return new Failure({
    code: 'RUN_STUCK',
    what: `The run of ${environment} cannot go on`,
    why,
    fix:
      'Start a worker of the Windlass that began it. Where that is gone: terminate the run in the ' +
      `Temporal UI (\`windlass ui -e ${environment}\`), then ` +
      `\`windlass recover --reconcile -e ${environment}\`.`,
    cause,
  });
}
