import type { Deploy } from '../src/deploy.ts';
import { treeLine } from '../src/tree-facts.ts';
import type { StepProgress, StepStatus } from '../src/step.ts';
import { actLine } from '../src/words.ts';

const signs: Readonly<Record<StepStatus, string>> = {
  waiting: '·',
  running: '▶',
  done: '✔',
  failed: '✘',
  skipped: '–',
  undoing: '◀',
  undone: '↩',
  kept: '○',
  stuck: '⏸',
  left: '!',
};

/** Release, live step table and who did what, in Markdown, as the UI shows it under "current details". */
export function detailsOf(
  steps: readonly StepProgress[],
  { bundle, tree, acts = [] }: Pick<Deploy, 'bundle' | 'tree' | 'acts'> = {},
): string {
  const rows = steps.map(({ id, title, status, failure, note }) => {
    const remark = failure ? `${failure.what} [${failure.code}]` : (note ?? '');
    return `| ${signs[status]} ${status} | ${id} | ${title} | ${oneLine(remark)} |`;
  });
  const from = tree ? `, from ${oneLine(treeLine(tree))}` : '';
  const head = bundle ? [`release ${bundle.id}${from}`, ''] : [];
  const table = ['| | step | what | remark |', '|---|---|---|---|', ...rows];
  const words = acts.map((act) => `- ${oneLine(actLine(act))}`);
  return [...head, ...table, ...(words.length > 0 ? ['', ...words] : [])].join('\n');
}

/** The one word for where a run is: the step under way, or the way it goes. */
export function phaseOf(steps: readonly StepProgress[]): string {
  const stuck = steps.find((step) => step.status === 'stuck');
  if (stuck) return `parked:${stuck.id}`;
  const undoing = steps.find((step) => step.status === 'undoing');
  if (undoing) return `undo:${undoing.id}`;
  return steps.find((step) => step.status === 'running')?.id ?? 'between';
}

/** Whether a run has turned round: a step failed, or undos have begun. */
export function windsBack(steps: readonly StepProgress[]): boolean {
  return steps.some(({ status }) => turned.has(status));
}

const turned: ReadonlySet<StepStatus> = new Set([
  'failed',
  'undoing',
  'undone',
  'kept',
  'stuck',
  'left',
]);

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '/').slice(0, 200);
}
