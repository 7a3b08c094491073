import { spanOf } from '../output/clock.ts';
import { notReached, stepWords } from '../../step-words.ts';
import type { StepProgress, StepStatus } from '../../step.ts';
import type { PageFacts } from './facts.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import type { Section } from './page.ts';
import { table } from './table.ts';

const row = 26; // pixels
const [labels, width] = [110, 760];

/** The steps over time as a picture, and the same as a table. */
export function timelineSection({ report: { steps } }: PageFacts): Section {
  const body = html`${picture(steps)}
  ${table('Steps in their order', ['step', 'what', 'result', 'took', 'remark'], steps.map(cells))}`;
  return { id: 'steps', title: 'Steps', body };
}

const results: Readonly<Record<StepStatus, string>> = { ...stepWords, waiting: notReached };

function cells(step: StepProgress): readonly (Markup | string)[] {
  const { id, title, status, failure, note } = step;
  const result = failure && status !== 'failed' ? `failed, ${results[status]}` : results[status];
  const took = spanIn(step);
  return [
    html`<code>${id}</code>`,
    title,
    html`<span class="badge ${colour(step)}">${result}</span>`,
    took === undefined ? '' : spanOf(took),
    failure ? `${failure.what} [${failure.code}]` : (note ?? ''),
  ];
}

interface Timed extends StepProgress {
  readonly startedAt: number;
  readonly endedAt: number;
}

function picture(steps: readonly StepProgress[]): Markup {
  const timed = steps.filter(isTimed);
  if (timed.length === 0) return html``;
  const first = Math.min(...timed.map(({ startedAt }) => startedAt));
  const all = Math.max(...timed.map(({ endedAt }) => endedAt)) - first || 1;
  const x = (at: number): number => labels + ((at - first) / all) * (width - labels - 70);
  const bars = timed.map((step, at) => bar(step, at, x));
  const height = timed.length * row + 8;
  return html`<svg
    class="timeline"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${told(timed, all)}"
  >
    ${bars}
  </svg>`;
}

function bar(step: Timed, at: number, x: (at: number) => number): Markup {
  const [from, to] = [x(step.startedAt), x(step.endedAt)];
  const [top, long] = [at * row + 4, Math.max(2, to - from)];
  return html`<g
    ><title>${step.id}: ${results[step.status]}, ${spanOf(step.endedAt - step.startedAt)}</title>
    <text x="0" y="${top + 14}">${step.id}</text>
    <rect
      class="${colour(step)}"
      x="${from.toFixed(1)}"
      y="${top}"
      width="${long.toFixed(1)}"
      height="18"
      rx="3"
    />
    <text class="quiet" x="${(from + long + 5).toFixed(1)}" y="${top + 14}"
      >${spanOf(step.endedAt - step.startedAt)}</text
    ></g
  >`;
}

function told(timed: readonly Timed[], all: number): string {
  const spans = timed.map(({ id, startedAt, endedAt }) => `${id} ${spanOf(endedAt - startedAt)}`);
  return `Timeline of ${spanOf(all)}: ${spans.join(', ')}`;
}

function isTimed(step: StepProgress): step is Timed {
  return step.startedAt !== undefined && step.endedAt !== undefined;
}

function spanIn(step: StepProgress): number | undefined {
  return isTimed(step) ? step.endedAt - step.startedAt : undefined;
}

/** Colour follows what is to be looked at; the word beside it says the same. */
function colour({ status, failure }: StepProgress): string {
  if (failure || status === 'failed' || status === 'stuck' || status === 'left') return 'bad';
  if (status === 'undone' || status === 'undoing') return 'back';
  return status === 'done' ? 'good' : 'plain';
}
