import { spanOf, stampOf } from '../output/clock.ts';
import { treeLine } from '../../tree-facts.ts';
import { actLine } from '../../words.ts';
import type { PageFacts } from './facts.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import type { Section } from './page.ts';
import { list } from './table.ts';

/** What became of the run, why, and what to type. */
export function summarySection(facts: PageFacts): Section {
  const { report, headline, next, address, runId } = facts;
  const body = html`<p class="headline ${report.outcome}">${headline}</p>
    <dl>
      ${pairs(facts).map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
      <dt>run</dt>
      <dd>${linked(address, runId)}</dd>
    </dl>
    ${failure(report)}${list(remains(report))}
    <h3>Next</h3>
    ${list(next.map((command) => html`<code>${command}</code>`))}`;
  return { id: 'summary', title: 'What happened', body };
}

function pairs({ report }: PageFacts): readonly (readonly [string, string])[] {
  const { release, tree, acts = [], steps } = report;
  const begun = steps.flatMap(({ startedAt }) => startedAt ?? []);
  const ended = steps.flatMap(({ endedAt }) => endedAt ?? []);
  const [first, last] = [Math.min(...begun), Math.max(...ended)];
  return [
    ...(release === undefined ? [] : [['release', release] as const]),
    ...(tree === undefined ? [] : [['made from', treeLine(tree)] as const]),
    ...(begun.length === 0 ? [] : [['began', stampOf(first)] as const]),
    ...(ended.length === 0 ? [] : [['took', spanOf(last - first)] as const]),
    ...acts.map((act) => ['who', actLine(act)] as const),
  ];
}

function failure({ failure: said }: PageFacts['report']): Markup {
  if (!said) return html``;
  return html`<div class="failure" role="note">
    <p><strong>${said.what}</strong> <code>${said.code}</code></p>
    <p>why: ${said.why}</p>
    <p>fix: ${said.fix}</p>
  </div>`;
}

function remains({ left, kept, differs = [] }: PageFacts['report']): readonly string[] {
  return [
    ...left.map(
      ({ step, failure: why, reason }) => `left behind at ${step}: ${why.what} (${reason})`,
    ),
    ...differs.map((line) => `not as before: ${line}`),
    ...kept.map((line) => `kept: ${line}`),
  ];
}

function linked(address: string | undefined, runId: string): Markup {
  if (address === undefined || !/^https?:\/\//.test(address)) return html`${runId}`;
  return html`<a href="${address}">${runId}</a> in the Temporal UI`;
}
