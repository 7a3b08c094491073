import { condition, setHandler } from '@temporalio/workflow';
import type { Deploy, Plan } from '../src/deploy.ts';
import { unaccepted } from '../src/unaccepted.ts';
import { onePerson, unsigned } from '../src/words.ts';
import type { Act } from '../src/words.ts';
import { instant, process } from './activities.ts';
import { approveUpdate } from './messages.ts';
import type { Approval } from './messages.ts';
import { believed } from './believed.ts';
import { asRefusal } from './heard.ts';
import {
  expired,
  noReturn,
  notWaiting,
  samePerson,
  stateMoved,
  unidentified,
  wrongDigest,
} from './refusals.ts';

const defaultRules = { patienceSeconds: 24 * 3600, secondPerson: false };

/** Makes a run's plan. */
type Planning = (d: Deploy) => Promise<Partial<Deploy>>;

/** What the gate has been told about the plan that waits. */
interface Desk {
  waiting: Deploy | undefined;
  approvedBy: string | undefined;
  /** The approval as the ledger keeps it. */
  act: Act | undefined;
  /** The states moved: the plan that waited is void. */
  stale: boolean;
  tell: () => void;
}

/**
 * Waits for an approval that names the plan's digest; `auto` needs none,
 * unless the plan's cost asks for a person's word. A plan whose states moved
 * meanwhile is made again by `plan`, and the new one asked for.
 */
export function approval(plan: Planning = (d) => process.planRelease(d)) {
  const desk: Desk = {
    waiting: undefined,
    approvedBy: undefined,
    act: undefined,
    stale: false,
    tell: () => undefined,
  };
  setHandler(approveUpdate, (said) => approve(desk, said), {
    validator: (said) => judge(desk, said),
  });
  return {
    /** Has it told whenever a plan begins or ends to wait. */
    onWaiting: (tell: () => void): void => {
      desk.tell = tell;
    },
    /** The plan that waits; it may be a newer one than the run began with. */
    waiting: (): Plan | undefined => desk.waiting?.plan,
    wait: async (begin: Deploy): Promise<Partial<Deploy>> => {
      for (let d = begin; ; d = await planAgain(d, plan)) {
        const missing = unaccepted(d);
        if (missing.length > 0) throw noReturn(missing);
        const alone = d.approval === 'auto' && d.plan?.cost.approve === undefined;
        const approvedBy = alone ? await unlessMoved(d) : await ask(desk, d);
        if (approvedBy !== undefined) return { ...learned(d), approvedBy, ...actsOf(desk, d) };
      }
    },
  };
}

/** Refuses at the door what cannot be an approval of the plan that waits. */
function judge({ waiting }: Desk, said: Approval): void {
  const { digest, actor } = believed(said);
  if (waiting?.plan === undefined) throw notWaiting();
  if (digest !== waiting.plan.digest) throw wrongDigest(waiting.plan.digest);
  if (!waiting.approvalRules?.secondPerson || waiting.guarded) return;
  if (waiting.identity && !said.identity) throw unidentified(actor);
  if (onePerson(said, waiting)) throw samePerson(actor);
}

/** Takes the approval, unless the states moved since the plan was made. */
async function approve(desk: Desk, said: Approval): Promise<void> {
  const { digest, actor } = said;
  if (desk.waiting === undefined) throw notWaiting();
  const { moved, act } = await instant
    .statesMoved({ ...desk.waiting, said })
    .catch((error: unknown) => {
      throw asRefusal(error);
    });
  if (desk.waiting?.plan?.digest !== digest) throw notWaiting(); // it expired while we looked
  desk.stale = moved.length > 0;
  if (desk.stale) throw stateMoved(moved);
  desk.act = act ?? unsigned('approve', said);
  desk.approvedBy = act?.by ?? actor;
}

async function ask(desk: Desk, d: Deploy): Promise<string | undefined> {
  const { patienceSeconds } = d.approvalRules ?? defaultRules;
  Object.assign(desk, { waiting: d, approvedBy: undefined, act: undefined, stale: false });
  desk.tell();
  try {
    const answered = () => desk.approvedBy !== undefined || desk.stale;
    const summary = 'Until the plan is no longer waited for';
    if (!(await condition(answered, patienceSeconds * 1000, { summary })))
      throw expired(patienceSeconds);
    return desk.stale ? undefined : desk.approvedBy;
  } finally {
    desk.waiting = undefined;
    desk.tell();
  }
}

async function unlessMoved(d: Deploy): Promise<string | undefined> {
  const { moved } = await instant.statesMoved(d);
  return moved.length === 0 ? 'auto' : undefined;
}

/** The same release once more, on the states as they are now. */
async function planAgain(d: Deploy, plan: Planning): Promise<Deploy> {
  const again = d.bundle ? { ...d, release: d.bundle.id } : d;
  return { ...d, ...(await plan(again)) };
}

/** The approval beside what was done before; an automatic one is nobody’s. */
function actsOf({ act }: Desk, { acts = [] }: Deploy): Partial<Deploy> {
  return act ? { acts: [...acts, act] } : {};
}

function learned({ plan, previous }: Deploy): Partial<Deploy> {
  return { ...(plan && { plan }), ...(previous !== undefined && { previous }) };
}
