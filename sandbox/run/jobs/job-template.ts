import { z } from 'zod';
import { invalid } from '../../google/http.ts';
import type { Message } from '../read-message.ts';
import { refuseTemplate } from '../refuse-template.ts';
import { type Container, readTemplate, type Template } from '../template.ts';

const Task = z.looseObject({
  maxRetries: z.number().optional(),
  timeout: z.string().optional(),
  serviceAccount: z.string().optional(),
});
const Execution = z.looseObject({
  parallelism: z.number().optional(),
  taskCount: z.number().optional(),
  template: z.record(z.string(), z.unknown()),
});

const longestTaskSeconds = 604_800; // a week: "Set task timeout for jobs"

/** The client's fields of a job with what Cloud Run fills in; INVALID_ARGUMENT for what it refuses. */
export function checkedJob(asked: Message, projectNumber: string): Message {
  const execution = Execution.safeParse(asked['template']);
  if (!execution.success)
    throw invalid('Violation in CreateJobRequest.job.template.template: field is required.');
  const task = taskWithDefaults(execution.data.template, projectNumber);
  const { taskCount = 1 } = execution.data;
  return {
    launchStage: 'GA',
    ...asked,
    template: {
      ...execution.data,
      taskCount,
      ...(execution.data.parallelism !== undefined && {
        parallelism: Math.min(execution.data.parallelism, taskCount),
      }),
      template: task,
    },
  };
}

/** What a job says of one task. */
export function taskOf(template: unknown): {
  readonly template: Template;
  readonly retries: number;
  readonly timeoutMs: number;
} {
  const { maxRetries, timeout } = Task.parse(template);
  return {
    template: readTemplate(template),
    retries: maxRetries ?? 3,
    timeoutMs: Number.parseFloat(timeout ?? '600s') * 1000,
  };
}

/** How many tasks an execution has, and how many of them at once. */
export function sizeOf(template: unknown): { taskCount: number; parallelism: number } {
  const { taskCount = 1, parallelism = 0 } = Execution.parse(template);
  return { taskCount, parallelism: parallelism === 0 ? taskCount : parallelism };
}

function taskWithDefaults(sent: Message, projectNumber: string): Message {
  const template = readTemplate(sent);
  refuseTimeout(template.timeout);
  const { timeout: _longer, ...rest } = template;
  refuseTemplate(rest);
  const { maxRetries } = Task.parse(sent);
  return {
    ...sent,
    timeout: template.timeout ?? '600s',
    maxRetries: maxRetries ?? 3,
    serviceAccount:
      template.serviceAccount ?? `${projectNumber}-compute@developer.gserviceaccount.com`,
    executionEnvironment: template.executionEnvironment ?? 'EXECUTION_ENVIRONMENT_GEN2',
    containers: template.containers.map(withLimits),
  };
}

function refuseTimeout(timeout: string | undefined): void {
  const seconds = Number.parseFloat(timeout ?? '600');
  if (seconds >= 1 && seconds <= longestTaskSeconds) return;
  throw invalid(
    `template.template.timeout must be between 1 and ${longestTaskSeconds} seconds, was ${seconds}.`,
  );
}

/** What a container of a job or a worker pool gets where nothing is said. */
export function withLimits(container: Container): Container {
  const limits = { cpu: '1000m', memory: '512Mi', ...container.resources?.limits };
  return { ...container, resources: { ...container.resources, limits } };
}
