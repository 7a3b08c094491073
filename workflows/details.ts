import type { Deploy, Plan } from '../src/deploy.ts';
import { treeLine } from '../src/tree-facts.ts';
import type { StepProgress, StepStatus } from '../src/step.ts';
import { notReached, stepWords } from '../src/step-words.ts';
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

/** What the table is about. */
type About = Pick<Deploy, 'environment' | 'bundle' | 'tree' | 'acts'>;

/** What stands beside the steps. */
interface Beside {
  /** The plan that waits for an approval. */
  readonly waiting?: Plan | undefined;
  /** Whether nothing follows. */
  readonly over?: boolean;
}

/**
 * Release, what it waits for, live step table and who did what, in Markdown, as the UI shows it under
 * "current details".
 */
export function detailsOf(
  steps: readonly StepProgress[],
  { environment, bundle, tree, acts = [] }: About,
  { waiting, over = false }: Beside = {},
): string {
  const rows = steps.map((step) => {
    const { id, title, failure, note } = step;
    const remark = failure ? `${failure.what} [${failure.code}]` : (note ?? '');
    return `| ${standing(step, over)} | ${id} | ${title} | ${oneLine(remark)} |`;
  });
  const from = tree ? `, from ${oneLine(treeLine(tree))}` : '';
  const head = bundle ? [`release ${bundle.id}${from}`, ''] : [];
  const table = ['| | step | what | remark |', '|---|---|---|---|', ...rows];
  const words = acts.map((act) => `- ${oneLine(actLine(act))}`);
  const wanted = [...approvalOf(environment, waiting), ...decisionOf(environment, steps)];
  return [...head, ...wanted, ...table, ...(words.length > 0 ? ['', ...words] : [])].join('\n');
}

/** How a step stands: of one that failed its undo says no more. */
function standing({ status, failure }: StepProgress, over: boolean): string {
  if (over && status === 'waiting') return `· ${notReached}`;
  if (failure && (status === 'undone' || status === 'kept'))
    return `${signs.failed} failed, ${stepWords[status]}`;
  return `${signs[status]} ${stepWords[status]}`;
}

function approvalOf(environment: string, plan: Plan | undefined): readonly string[] {
  if (!plan) return [];
  const command = `windlass approve ${plan.digest.slice(0, 12)} -e ${environment}`;
  return [`**Waits for an approval** of the plan ${plan.digest}: \`${command}\``, ''];
}

function decisionOf(environment: string, steps: readonly StepProgress[]): readonly string[] {
  const stuck = steps.find(({ status }) => status === 'stuck');
  if (!stuck) return [];
  const command = `windlass undo retry ${stuck.id} -e ${environment}`;
  return [
    `**Waits for a decision** about the undo of ${stuck.id}: \`${command}\`, or \`skip\`, \`done\``,
    '',
  ];
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
