import { hostname } from 'node:os';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { releaseKey } from '../../workflows/search-attributes.ts';
import type { Environment } from '../config/environment.ts';
import type { DeployRequest } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { taskQueue } from '../temporal/connect.ts';
import { lookUpRun } from '../temporal/look-up-run.ts';
import { treeLine } from '../tree-facts.ts';
import type { Gathered } from './gather.ts';
import { stampOf } from './output/clock.ts';
import { memoText } from './memo.ts';
import { actor } from './options.ts';
import { onceKnown } from './run-code.ts';
import type { RunCode } from './run-code.ts';
import { workflowIdOf } from './workflow-id.ts';

/** What the user asks for. */
export interface Wish {
  readonly kind: 'deploy' | 'rollback' | 'recover' | 'reconcile' | 'destroy';
  readonly environment: string;
  readonly release?: string | undefined;
  readonly planOnly?: true;
  readonly requireRehearsal?: true | undefined;
  /** Ids of secrets that get a new value. */
  readonly rotate?: readonly string[];
  readonly waitForApproval?: true | undefined;
  /** Why, in the user's words. */
  readonly reason?: string | undefined;
  /** Points of no return, by name. */
  readonly accept?: readonly string[] | undefined;
  readonly recover?: DeployRequest['recover'];
  readonly destroy?: DeployRequest['destroy'];
  /** It goes on with whatever a dead run left, and itself watches whether that is dead. */
  readonly takesOver?: true;
}

/** What a start brings besides the wish. */
interface Bringing {
  readonly gathered?: Gathered;
  /** The code that carries it out. */
  readonly code?: RunCode;
  /** Adds to a request who asks, with a signature where one is asked for. */
  readonly speak?: (request: DeployRequest) => Promise<DeployRequest>;
}

/** Starts the run, or throws who holds the environment. */
export async function startRun(
  client: Client,
  wish: Wish,
  environment: Environment,
  { gathered, speak = async (request) => request, code }: Bringing = {},
) {
  const workflowId = workflowIdOf(wish.environment);
  const request = await speak(requestOf(wish, environment, gathered));
  const release = request.release ?? unnamed[wish.kind];
  const tree = request.tree && treeLine(request.tree);
  try {
    const handle = await onceKnown(() =>
      client.workflow.start(wish.kind, {
        workflowId,
        taskQueue,
        args: [request],
        ...code,
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: `${wish.planOnly ? 'plan' : wish.kind} ${wish.environment} for ${request.actor}`,
        staticDetails: detailsOf(request, release).join('\n\n'),
        memo: { ...code?.memo, actor: request.actor, release, ...(tree && { tree }) },
      }),
    );
    return { workflowId, runId: handle.firstExecutionRunId };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      throw busy(wish.environment, await client.workflow.getHandle(workflowId).describe());
    throw error;
  }
}

/** What the UI shows of a run from its first moment on, whoever looks and whatever becomes of it. */
function detailsOf(
  { actor: by, host, tree, reason, accept = [] }: DeployRequest,
  release: string,
): readonly string[] {
  const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').slice(0, 200);
  return [
    `release: ${release}`,
    ...(tree ? [`made from: ${treeLine(tree)}`] : []),
    `started by: ${by}${host === undefined ? '' : ` from ${host}`}`,
    ...(reason === undefined ? [] : [`reason: ${oneLine(reason)}`]),
    ...accept.map((name) => `accepted loss: ${oneLine(name)}`),
  ];
}

/** What a run is about that names no release. */
const unnamed: Readonly<Record<Wish['kind'], string>> = {
  deploy: 'the current release',
  rollback: 'the previous release',
  recover: 'the newest backup',
  reconcile: 'the current release',
  destroy: 'the whole environment',
};

function requestOf(
  wish: Wish,
  environment: Environment,
  gathered: Gathered | undefined,
): DeployRequest {
  const unattended = environment.target === 'sandbox' ? 'auto' : 'wait';
  const approval = wish.waitForApproval ? 'wait' : (environment.approval ?? unattended);
  return {
    environment: wish.environment,
    actor: actor(),
    host: hostname(),
    approval,
    ...(wish.release !== undefined && { release: wish.release }),
    ...(gathered && broughtBy(gathered)),
    ...(wish.accept && wish.accept.length > 0 && { accept: wish.accept }),
    ...(wish.reason && { reason: wish.reason }),
    ...(wish.planOnly && { planOnly: true }),
    ...(wish.requireRehearsal && { requireRehearsal: true }),
    ...(wish.rotate && { rotate: wish.rotate }),
    ...(wish.recover && { recover: wish.recover }),
    ...(wish.destroy && { destroy: wish.destroy }),
  };
}

function broughtBy({ release, tree, address }: Gathered): Partial<DeployRequest> {
  return {
    ...(release && { release: release.id, releaseSha256: release.sha256 }),
    ...(tree && { tree }),
    address,
  };
}

/** Throws ENVIRONMENT_BUSY where a run holds the environment: sooner than by gathering first. */
export async function refuseOtherRun(client: Client, environment: string): Promise<void> {
  const held = await lookUpRun(client, workflowIdOf(environment));
  if (held?.status.name === 'RUNNING') throw busy(environment, held);
}

function busy(
  environment: string,
  { startTime, type, memo, typedSearchAttributes }: WorkflowExecutionDescription,
): Failure {
  const who = memoText(memo, 'actor', 'someone');
  const planned = typedSearchAttributes.get(releaseKey); // known once it is planned
  const what = planned ?? memoText(memo, 'release', 'an unknown release');
  const stop =
    type === 'rollback'
      ? ''
      : `, or stop it with \`windlass cancel -e ${environment} --reason TEXT\``;
  return new Failure({
    code: 'ENVIRONMENT_BUSY',
    what: `Another run holds ${environment}`,
    why: `${who} started a ${type} of ${what} at ${stampOf(startTime)}, and it is still running`,
    fix: `Watch it with \`windlass status -e ${environment} --watch\`${stop}.`,
  });
}
