import { People } from '../config/people.ts';
import type { Deploy, DeployRequest, ReleaseRef } from '../deploy.ts';
import type { Site } from '../site.ts';
import { unsigned } from '../words.ts';
import type { Act, Identity } from '../words.ts';
import { dropAnchor, namesPeople } from './anchor.ts';
import { refusal } from './refused.ts';
import { rulesInForce, rulesOfRelease } from './rules.ts';
import type { Rules } from './rules.ts';
import { requestDigest } from './statement.ts';
import { readStart, writeStart } from './trust-objects.ts';
import type { StartRecord } from './trust-objects.ts';
import { verifySpoken } from './verify-spoken.ts';

/** A start as the worker got it. */
export interface Start {
  readonly kind: 'deploy' | 'rollback' | 'recover' | 'reconcile' | 'destroy';
  readonly request: DeployRequest;
  readonly runId: string;
  /** The run that really asks, as the server says it. */
  readonly by: string | undefined;
  readonly work: string;
}

/**
 * Checks who starts a run, by the rules in force; undefined where none are, and the release that is
 * deployed may state the first.
 */
export async function admitStart(site: Site, start: Start): Promise<Partial<Deploy> | undefined> {
  if (!(await namesPeople(site))) return undefined;
  const known = await readStart(site, start.runId);
  if (known) return learned(known, start.request);
  const rules = await rulesInForce(site);
  return rules && admitted(site, start, rules, false);
}

/** The same once the release is known: where no rules were in force, those of this very release are. */
export async function admitFirst(
  site: Site,
  start: Start,
  release: ReleaseRef | undefined,
): Promise<Partial<Deploy>> {
  const rules = release && (await rulesOfRelease(site, release));
  if (rules) return admitted(site, start, rules, true);
  return { acts: [{ ...unsigned('start', start.request), ...toldOf(start.request) }] };
}

async function admitted(site: Site, start: Start, rules: Rules, firstUse: boolean) {
  const { kind, request, runId, by, work } = start;
  if (by !== runId) throw refusal('RUN_NOT_AUTHORIZED', `the run ${by} asks on behalf of ${runId}`);
  const { people, secondPerson, approval } = rules;
  const digest = requestDigest(request);
  const wanted = { people, kind, digest, run: 'new', taker: runId, work };
  const started = await verifySpoken(site, request, wanted);
  const record = { version: 1, run: runId, kind, started, firstUse } as const;
  const whole = { ...record, secondPerson, approval, people };
  await dropAnchor(site);
  await writeStart(site, whole);
  return learned(whole, request);
}

function learned(record: StartRecord, request: DeployRequest): Partial<Deploy> {
  const { started, firstUse, approval, kind } = record;
  const note = `first deploy: the people of this release are used (${names(record)})`;
  const act: Act = {
    ...actOf('start', started),
    ...toldOf(request),
    ...(firstUse && { note }),
  };
  return {
    actor: started.name,
    identity: started,
    guarded: true,
    acts: [act],
    ...(isApproved(kind) && approval === 'wait' && { approval }),
  };
}

/** Whether a run of that kind has a plan that people approve. */
export function isApproved(kind: string): boolean {
  return kind === 'deploy' || kind === 'destroy';
}

/** What a verified person did. */
export function actOf(act: Act['act'], { name, how, by }: Identity): Act {
  return { act, by: name, how, checked: by };
}

/** Those whom a run's rules name, as its record keeps them. */
export function peopleOf({ people }: StartRecord): People {
  return People.parse(people);
}

function names(record: StartRecord): string {
  return Object.keys(peopleOf(record)).join(', ');
}

/** Why it was asked for, and which losses were accepted with it. */
function toldOf({ accept = [], reason }: DeployRequest): Pick<Act, 'accepted' | 'reason'> {
  return { ...(reason && { reason }), ...(accept.length > 0 && { accepted: accept }) };
}
