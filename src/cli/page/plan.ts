import type { PlanDetails } from '../../planning/plan-details.ts';
import type { PageFacts } from './facts.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import type { Section } from './page.ts';
import { list, table } from './table.ts';

/** What the run was to change: resources, settings, secrets, and how each goes back. */
export function planSection({ report: { plan }, details }: PageFacts): Section | undefined {
  if (!plan) return undefined;
  const counts = plan.stacks.map(({ stack, add, change, destroy }) => [
    stack,
    add,
    change,
    destroy,
  ]);
  const body = html`<p>
      plan <code>${plan.digest}</code>${plan.unchanged && ': nothing to change'}
    </p>
    ${table('Changes by stack', ['stack', 'add', 'change', 'destroy'], counts)}
    ${details && resources(details)} ${titled('Settings', plan.settings)}
    ${titled('Secrets that get a value', plan.missingSecrets)}
    ${titled('Not in any backup', plan.notInBackup ?? [])}`;
  return { id: 'plan', title: 'Plan', body };
}

function resources({ stacks }: PlanDetails): Markup {
  const changed = stacks
    .flatMap(({ summary }) => summary.resources)
    .filter(({ actions }) => !['no-op', 'read'].includes(actions.join()))
    .map(({ address, actions }) => [actions.join(', '), html`<code>${address}</code>`]);
  if (changed.length === 0) return html``;
  return html`<details>
    <summary>${changed.length} resources</summary>
    ${table('Resources that change', ['action', 'address'], changed)}
  </details>`;
}

function titled(title: string, lines: readonly string[]): Markup {
  return lines.length === 0
    ? html``
    : html`<h3>${title}</h3>
        ${list(lines)}`;
}
