import type { Played, Struck } from './play.ts';

/** One line of the progress: what was played, and how it ended. */
export function lineOf({ run, struck, outcome, typed, problems, seconds }: Played): string {
  const points = struck.map(
    ({ kind, event, hit, resumedMs }) =>
      `${kind}@${event}${hit ? '' : ' (missed)'}${resumedMs === undefined ? '' : ` ${(resumedMs / 1000).toFixed(1)}s`}`,
  );
  const marks = [outcome, `${seconds} s`, ...(typed.length > 0 ? [`typed: ${typed.length}`] : [])];
  const wrong = problems.length > 0 ? `\n    ${problems.slice(0, 5).join('\n    ')}` : '';
  return `${run}: ${points.join(', ')}: ${marks.join(', ')}${wrong}`;
}

/** The figures of a matrix as Markdown, and how many of its plays ended badly. */
export function reportOf(
  played: readonly Played[],
  { seconds, load }: { readonly seconds: number; readonly load: number },
): { readonly text: string; readonly bad: number } {
  const kinds = [...new Set(played.flatMap(({ struck }) => struck.map(({ kind }) => kind)))];
  const rows = kinds.map((kind) => rowOf(kind, played));
  const bad = played.filter(({ outcome }) => outcome === 'bad');
  const points = played.flatMap(({ struck }) => struck).filter(({ hit }) => hit);
  const typed = [...new Set(played.flatMap((one) => one.typed))].sort();
  const text = [
    `${points.length} points in ${played.length} runs, ${Math.round(seconds / 60)} minutes (load at the end ${load.toFixed(1)}); ${bad.length} runs ended badly.`,
    '',
    '| struck | points | succeeded | rolled back | parked | nothing touched | bad | p50 s | p95 s | longest s |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `Typed after the first command: ${typed.length > 0 ? typed.map((one) => `\`${one}\``).join(', ') : 'nothing'}.`,
    ...bad.map((one) => `- ${lineOf(one)}`),
  ].join('\n');
  return { text: `${text}\n`, bad: bad.length };
}

function rowOf(kind: Struck['kind'], played: readonly Played[]): string {
  const hits = played.flatMap(({ struck, outcome }) =>
    struck.filter((one) => one.hit && one.kind === kind).map((one) => ({ ...one, outcome })),
  );
  const count = (outcome: Played['outcome']): number =>
    hits.filter((one) => one.outcome === outcome).length;
  const times = hits.flatMap(({ resumedMs }) => resumedMs ?? []).sort((a, b) => a - b);
  const at = (part: number): string => seconds(times[Math.floor((times.length - 1) * part)]);
  const outcomes = ['succeeded', 'rolled back', 'parked', 'nothing changed', 'bad'] as const;
  const cells = [kind, hits.length, ...outcomes.map(count), at(0.5), at(0.95), at(1)];
  return `| ${cells.join(' | ')} |`;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '-' : (ms / 1000).toFixed(1);
}
