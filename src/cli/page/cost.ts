import type { PlanDetails } from '../../planning/plan-details.ts';
import type { PageFacts } from './facts.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import type { Section } from './page.ts';
import { list } from './table.ts';

/** What runs whether it is used or not, per service, in USD a month. */
export function costSection({ report: { plan }, details }: PageFacts): Section | undefined {
  if (!plan) return undefined;
  const bars = details ? costs(details) : [];
  const most = Math.max(...bars.map(([, usd]) => usd), 0.01);
  const body = html`<p>fixed cost ${money(plan.cost.fixed)} a month</p>
    ${
      bars.length > 0 &&
      html`<ul class="bars">
        ${bars.map(([name, usd]) => bar(name, usd, most))}
      </ul>`
    }
    ${list(plan.cost.unknown.map((line) => `not known: ${line}`))}
    <p class="quiet">
      Without the Supabase plan and its add-ons, the registry, logs and Temporal.
    </p>`;
  return { id: 'cost', title: 'Cost', body };
}

/** By service, dearest first; what belongs to none is called by its address. */
function costs({ stacks }: PlanDetails): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const { address, usd } of stacks.flatMap(({ cost }) => cost.lines)) {
    const name = /^module\.services\["([^"]+)"\]/.exec(address)?.[1] ?? address;
    sums.set(name, (sums.get(name) ?? 0) + usd);
  }
  return [...sums].filter(([, usd]) => usd > 0).sort(([, one], [, other]) => other - one);
}

function bar(name: string, usd: number, most: number): Markup {
  const share = ((usd / most) * 100).toFixed(1);
  return html`<li>
    <span>${name}</span
    ><span class="bar" aria-hidden="true"><span style="width:${share}%"></span></span
    ><span>${money(usd)}</span>
  </li>`;
}

function money(usd: number): string {
  return `$${usd.toFixed(2)}`;
}
