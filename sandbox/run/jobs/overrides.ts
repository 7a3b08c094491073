import { z } from 'zod';
import { messageType } from '../proto-table.ts';
import { type Message, readMessage } from '../read-message.ts';
import type { JobRecord } from './records.ts';

const Variable = z.looseObject({ name: z.string() });
const Override = z.looseObject({
  args: z.array(z.string()).optional(),
  env: z.array(Variable).optional(),
  clearArgs: z.boolean().optional(),
});
const Overrides = z.object({
  containerOverrides: z.array(Override).optional(),
  taskCount: z.number().optional(),
  timeout: z.string().optional(),
});
const Container = z.looseObject({ env: z.array(Variable).optional() });
const Task = z.looseObject({ containers: z.array(Container) });
const Execution = z.looseObject({ template: Task });

/** The task of one execution: what the job says, with what the call says for this one alone. */
export function overridden(
  { spec }: JobRecord,
  body: unknown,
): {
  readonly template: Message;
  readonly taskCount?: number | undefined;
  readonly overrides: boolean;
} {
  const sent = readMessage(messageType('RunJobRequest'), body ?? {}, '');
  const overrides = Overrides.optional().parse(sent['overrides']);
  const { template } = Execution.parse(spec['template']);
  if (overrides === undefined) return { template, overrides: false };
  const [first, ...others] = template.containers;
  const [override = {}] = overrides.containerOverrides ?? [];
  const containers = [laidOver(first ?? {}, override), ...others];
  const timeout = overrides.timeout === undefined ? {} : { timeout: overrides.timeout };
  return {
    template: { ...template, ...timeout, containers },
    taskCount: overrides.taskCount,
    overrides: true,
  };
}

function laidOver(container: z.infer<typeof Container>, override: z.infer<typeof Override>) {
  const { args, env = [], clearArgs = false } = override;
  const names = new Set(env.map(({ name }) => name));
  const kept = (container.env ?? []).filter(({ name }) => !names.has(name));
  return {
    ...container,
    ...(clearArgs && { args: [] }),
    ...(args !== undefined && { args }),
    env: [...kept, ...env],
  };
}
