import type { Plan } from '../../deploy.ts';
import { bindingLine } from '../../planning/plan-binding.ts';
import type { Report } from '../../report.ts';
import { acceptLines, undoSummaryLines } from './undo-lines.ts';
import { wrap } from './wrap.ts';

/** The plan in a few lines that fit a table's width: counts, migrations, settings, cost, digest. */
export function planLines(plan: Plan, kind: Report['kind'] = 'deploy'): readonly string[] {
  return wholeLines(plan, kind).flatMap((line) => wrap(line));
}

function wholeLines(plan: Plan, kind: Report['kind']): readonly string[] {
  if (plan.destroys) return [`plan ${plan.digest.slice(0, 12)}`, ...indent(plan.destroys)];
  const connections = section(
    'more connections than the database allows',
    indent(plan.connections ?? []),
  );
  if (plan.unchanged)
    return [`nothing to change; fixed cost $${plan.cost.fixed.toFixed(2)} a month`, ...connections];
  const stacks = plan.stacks.map(
    ({ stack, add, change, destroy }) =>
      `  ${stack.padEnd(14)} ${add} to add, ${change} to change, ${destroy} to destroy`,
  );
  const migrations = plan.migrations.map(
    ({ service, from, to }) => `  ${service.padEnd(14)} ${from ?? 'nothing'} -> ${to}`,
  );
  return [
    `plan ${plan.digest.slice(0, 12)}`,
    ...(plan.releaseOnly ? ['no changes in the cloud; the release is recorded as deployed'] : []),
    ...stacks,
    ...section('migrations', migrations),
    ...section('settings', indent(plan.settings)),
    ...section('secrets to fill', indent(listed(plan.missingSecrets))),
    ...section('traffic to pin', indent((plan.bind ?? []).map(bindingLine))),
    ...section('traffic to move', indent(listed(plan.promote))),
    ...section('made public after the smoke tests', indent(listed(plan.opening?.services ?? []))),
    ...section('database', indent(plan.database ?? [])),
    ...section('mails', indent(plan.mail ?? [])),
    ...section('not in the backup', indent(plan.notInBackup ?? [])),
    ...connections,
    ...section(removalTitle(plan), indent(listed(leavingOf(plan)))),
    `  fixed cost     $${plan.cost.fixed.toFixed(2)} a month`,
    ...undoSummaryLines(plan.undo),
    ...(kind === 'deploy' ? acceptLines(plan.undo) : []),
    ...(plan.cost.approve ? [`  needs approval ${plan.cost.approve}`] : []),
    ...plan.cost.unknown.map((address) => `  cost unknown   ${address}`),
  ];
}

function leavingOf({ removal }: Plan): readonly string[] {
  return removal ? [...removal.services, ...removal.secrets] : [];
}

function removalTitle({ removal }: Plan): string {
  return removal?.from === undefined ? 'to be removed' : `to be removed from ${removal.from}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines];
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function listed(names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [names.join(', ')];
}
