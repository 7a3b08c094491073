import type { Client } from '@temporalio/client';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { Failure } from '../../failure.ts';
import { messageOf } from '../../causes/known-failure.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { taskQueue } from '../connect.ts';

/** What Temporal calls the workers of one queue; its names take neither dots nor colons. */
const deploymentName = taskQueue.replaceAll(/[^\w-]/g, '-');

/** A bundle as Temporal's Worker Versioning knows it. */
export function versionOf(buildId: string): WorkerDeploymentVersion {
  return { deploymentName, buildId };
}

const patienceMs = 20_000;
const betweenMs = 50;

/**
 * Gives runs that name no version (schedules, and those that began before there were versions) to
 * this one. The server knows a version a moment after its first worker asked for work.
 */
export async function makeCurrent({ connection, options }: Client, buildId: string): Promise<void> {
  const { namespace, identity } = options;
  const asked = { namespace, identity, ...versionOf(buildId), ignoreMissingTaskQueues: true };
  for (const until = Date.now() + patienceMs; ; await pause(betweenMs)) {
    try {
      await connection.workflowService.setWorkerDeploymentCurrentVersion(asked);
      return;
    } catch (error) {
      if (Date.now() > until) throw withoutVersions(error);
    }
  }
}

function withoutVersions(cause: unknown): Failure {
  return new Failure({
    code: 'TEMPORAL_WITHOUT_VERSIONS',
    what: 'This Temporal does not support worker versions',
    why: `setting the current version of ${deploymentName} ended with: ${messageOf(cause)}`,
    fix: 'Use a Temporal server of 1.29.1 or newer with Worker Versioning on (docs/own-temporal.md).',
    cause,
  });
}
