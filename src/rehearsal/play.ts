import { z } from 'zod';
import { unlessAsked } from './cases.ts';
import type { Case, Leg } from './cases.ts';
import type { Rehearsed } from './certificate.ts';
import type { Lane } from './lane.ts';
import { nameOf } from './planted.ts';
import type { Said, Stage } from './stage.ts';

/** Plays one case in a lane; never throws for a case that ends otherwise than it must. */
export async function playCase(lane: Lane, chosen: Case): Promise<Rehearsed> {
  const { stage, service } = lane;
  const one = unlessAsked(chosen, lane.asked);
  const began = Date.now();
  const before = (await stage.fingerprint()).lines;
  await stage.plant(one.planted);
  if (one.refusal) await stage.refuse(one.refusal, service);
  const remarks: string[] = [];
  for (const [index, leg] of one.legs.entries()) {
    remarks.push(...(await playLeg(stage, { leg, before })));
    if (index > 0) continue;
    const struck = stage.struck();
    const missed = one.planted.map(nameOf).filter((name) => !struck.includes(name));
    remarks.push(...missed.map((name) => `never struck: ${name}`));
    await stage.plant([]);
    await stage.refuse(undefined, service);
  }
  const load = await lane.load.look();
  if (load.missing > 0) remarks.push(`${load.missing} rows that users had written are missing`);
  return {
    name: one.name,
    cells: [...one.cells],
    passed: remarks.length === 0,
    seconds: Math.round((Date.now() - began) / 100) / 10,
    remark: remarks.join('; '),
    load,
  };
}

interface Playing {
  readonly leg: Leg;
  readonly before: readonly string[];
}

async function playLeg(stage: Stage, { leg, before }: Playing): Promise<readonly string[]> {
  const { command, outcome, failedStep, world } = leg;
  // A worker that a planted crash takes away is replaced by the command that watches.
  const said = await stage.windlass(...command, '--json');
  const report = reportOf(said);
  const wrong =
    report.outcome === outcome && report.failedStep === failedStep
      ? []
      : [`${command.join(' ')}: ${report.outcome} at ${report.failedStep}: ${whyOf(said, report)}`];
  if (world === undefined || wrong.length > 0) return wrong;
  return world === 'before'
    ? differences(before, (await stage.fingerprint()).lines)
    : stillToChange(reportOf(await stage.windlass('deploy', '--json')));
}

const Told = z.object({
  outcome: z.string(),
  failedStep: z.string().optional(),
  failure: z.object({ code: z.string(), what: z.string(), why: z.string() }).optional(),
  plan: z.object({ unchanged: z.boolean() }).optional(),
});
type Told = z.infer<typeof Told>;

/** The report that a run ends with; where it never began, its exit code stands for the outcome. */
function reportOf({ exitCode, answer }: Said): Told {
  const told = Told.safeParse(jsonOrNothing(answer));
  return told.success ? told.data : { outcome: `exit ${exitCode}` };
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function whyOf({ talk }: Said, { failure }: Told): string {
  if (failure) return `${failure.what}: ${failure.why}`.slice(0, 600);
  return talk.trim().split('\n').slice(-6).join(' | ');
}

/** The release is there only if a second deploy of it finds nothing to do. */
function stillToChange({ outcome, plan }: Told): readonly string[] {
  if (outcome === 'succeeded' && plan?.unchanged === true) return [];
  return [`a second deploy still had to change something (${outcome})`];
}

function differences(before: readonly string[], after: readonly string[]): readonly string[] {
  const was = new Set(before);
  const is = new Set(after);
  const gone = before.filter((line) => !is.has(line)).map((line) => `- ${line.slice(0, 300)}`);
  const come = after.filter((line) => !was.has(line)).map((line) => `+ ${line.slice(0, 300)}`);
  return [...gone, ...come].slice(0, 8);
}
