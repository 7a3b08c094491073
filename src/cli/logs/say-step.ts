import { failureLines } from '../../failure.ts';
import { clockOf, spanOf } from '../output/clock.ts';
import { answer, say } from '../output/say.ts';
import { withClient } from '../with-client.ts';
import { stepLog } from './step-log.ts';
import type { StepLog } from './step-log.ts';

interface Flags {
  readonly environment: string;
  readonly limit: number;
  readonly json?: true | undefined;
}

/** Shows what a step of the newest run said. */
export async function sayStep(step: string, { environment, limit, json }: Flags): Promise<void> {
  const log = await withClient((client, temporal, { home }) =>
    stepLog(client, { temporal, home }, { environment, step, limit }),
  );
  if (json) return answer(JSON.stringify(log));
  say(`run ${log.run}`);
  for (const line of linesOf(log)) answer(line);
}

function linesOf({ step, title, status, note, failure, lines, ...times }: StepLog): string[] {
  const head = [`${step}: ${title}`, status, ...timesOf(times)].filter(Boolean);
  return [
    head.join(', '),
    ...(note === null ? [] : [`note: ${note}`]),
    ...(failure === null ? [] : failureLines(failure)),
    ...lines,
  ];
}

function timesOf({ startedAt, endedAt }: Pick<StepLog, 'startedAt' | 'endedAt'>): string[] {
  if (startedAt === null) return [];
  if (endedAt === null) return [`since ${clockOf(startedAt)}`];
  return [`at ${clockOf(startedAt)}`, spanOf(Date.parse(endedAt) - Date.parse(startedAt))];
}
