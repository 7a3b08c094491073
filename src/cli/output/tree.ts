import { styleText } from 'node:util';
import type { StepProgress, StepStatus } from '../../step.ts';
import { spanOf } from './clock.ts';
import { isUndo, statusWords, tookOf } from './step-lines.ts';

/** What an activity of the run does at this moment. */
export interface Doing {
  readonly activity: string;
  readonly details?: string;
  readonly attempt: number;
  /** The failure of the attempt before. */
  readonly lastFailure?: string;
}

interface Look {
  /** By the clock that the run's moments are of; milliseconds since the epoch. */
  readonly now: number;
  readonly doing: readonly Doing[];
  /** What the steps came to on the way forward, by id. */
  readonly forward: ReadonlyMap<string, StepProgress>;
  readonly columns: number;
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

const signs: Readonly<Record<StepStatus, string>> = {
  waiting: '·',
  running: '',
  done: styleText('green', '✔'),
  failed: styleText('red', '✘'),
  skipped: '–',
  undoing: '',
  undone: styleText('yellow', '↩'),
  kept: '○',
  stuck: styleText('red', '⏸'),
  left: styleText('red', '!'),
};

/** The steps of a run as they are, a line each; below them what is rolled back, newest first. */
export function treeLines(steps: readonly StepProgress[], look: Look): readonly string[] {
  const ahead = steps.map((step) => look.forward.get(step.id) ?? step);
  const undos = steps.filter((step) => isUndo(step)).toReversed();
  return [
    ...ahead.flatMap((step) => [stepLine(step, ahead, look), ...doingLines(step, steps, look)]),
    ...(undos.length > 0 ? ['rolling back, newest first:'] : []),
    ...undos.flatMap((step) => [undoLine(step, look), ...doingLines(step, steps, look)]),
  ];
}

function stepLine(step: StepProgress, all: readonly StepProgress[], look: Look): string {
  const { id, title, status, startedAt, note } = step;
  const running = status === 'running' && startedAt !== undefined;
  const right = running ? spanOf(look.now - startedAt) : tookOf(step);
  const beside = all.some((one) => one.id !== id && overlap(one, step, look.now)) ? '║' : ' ';
  const text = status === 'skipped' && note !== undefined ? `${title}: ${note}` : title;
  return row(`${beside} ${id.padEnd(10)} ${text}`, { status, right, look });
}

function undoLine(step: StepProgress, look: Look): string {
  const { id, status, note, failure } = step;
  const said = status === 'stuck' ? failure?.what : note;
  const remark = said === undefined ? '' : `: ${said}`;
  return row(`  ${id.padEnd(10)} ${statusWords[status]}${remark}`, { status, right: '', look });
}

interface Row {
  readonly status: StepStatus;
  readonly right: string;
  readonly look: Look;
}

function row(text: string, { status, right, look }: Row): string {
  const turn = spinner[Math.floor(look.now / 100) % spinner.length] ?? '';
  const room = Math.min(look.columns, 80) - right.length - 4;
  const cut = text.length > room ? `${text.slice(0, room - 1)}…` : text.padEnd(room);
  return `${signs[status] || turn} ${cut} ${right}`;
}

/** What a running step does, where its activity says so. */
function doingLines(step: StepProgress, all: readonly StepProgress[], look: Look): string[] {
  const running = all.filter(({ status }) => status === 'running' || status === 'undoing');
  if (!running.some(({ id, status }) => id === step.id && status === step.status)) return [];
  const last = running.at(-1)?.id === step.id;
  return look.doing
    .filter(({ activity }) => {
      const owner = running.find(({ id }) => activity.toLowerCase().includes(id.toLowerCase()));
      return owner ? owner.id === step.id : last;
    })
    .flatMap((one) => doingTexts(one))
    .map((text) => `      ${text}`.slice(0, Math.min(look.columns, 80) - 1));
}

function doingTexts({ activity, details, attempt, lastFailure }: Doing): readonly string[] {
  const said = details !== undefined && details !== activity ? [details] : [];
  if (attempt < 2) return said;
  const failed = lastFailure === undefined ? '' : `: ${lastFailure}`;
  return [...said, `attempt ${attempt}${failed}`];
}

function overlap(one: StepProgress, two: StepProgress, now: number): boolean {
  if (one.startedAt === undefined || two.startedAt === undefined) return false;
  return one.startedAt < (two.endedAt ?? now) && two.startedAt < (one.endedAt ?? now);
}
