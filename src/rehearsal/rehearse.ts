import type { Rehearsed } from './certificate.ts';
import type { Case } from './cases.ts';
import type { RehearsalStage } from './stage.ts';

/** Plays one case and compares the world before and after; never throws for a case that fails. */
export async function playCase(stage: RehearsalStage, one: Case): Promise<Rehearsed> {
  const began = Date.now();
  const before = await stage.fingerprint();
  await stage.plant(one.planted);
  const ended = await stage.windlass('deploy');
  const struck = await stage.struck();
  await stage.plant([]);
  const back = one.afterwards ? await stage.windlass(...one.afterwards) : undefined;
  const after = await stage.fingerprint();
  const remarks = [
    ...(ended.exitCode === one.exitCode
      ? []
      : [`exit ${ended.exitCode} instead of ${one.exitCode}: ${lastLines(ended.text)}`]),
    ...(struck === one.planted.length ? [] : [`${struck} of ${one.planted.length} struck`]),
    ...(back === undefined || back.exitCode === 0
      ? []
      : [`${one.afterwards?.join(' ')}: exit ${back.exitCode}: ${lastLines(back.text)}`]),
    ...differences(before.lines, after.lines),
  ];
  return {
    name: one.name,
    passed: remarks.length === 0,
    struck,
    seconds: Math.round((Date.now() - began) / 100) / 10,
    remark: remarks.join('; '),
  };
}

function differences(before: readonly string[], after: readonly string[]): readonly string[] {
  const was = new Set(before);
  const is = new Set(after);
  const gone = before.filter((line) => !is.has(line)).map((line) => `- ${line.slice(0, 160)}`);
  const come = after.filter((line) => !was.has(line)).map((line) => `+ ${line.slice(0, 160)}`);
  return [...gone, ...come].slice(0, 6);
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-6).join(' | ');
}
