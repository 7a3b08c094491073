import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { Deploy } from '../src/deploy.ts';
import { approveUpdate } from './messages.ts';

/** How long a plan waits for its approval before it counts as rejected. */
const patience = '24 hours';

/** Waits for an approval that names the plan's digest; `auto` needs none. */
export function approval() {
  let waitingFor: string | undefined;
  let approvedBy: string | undefined;
  setHandler(approveUpdate, ({ actor }) => void (approvedBy = actor), {
    validator: ({ digest }) => {
      if (waitingFor === undefined) throw refusal('no plan waits for an approval');
      if (digest !== waitingFor) throw refusal(`the plan that waits has the digest ${waitingFor}`);
    },
  });
  return {
    waiting: () => waitingFor !== undefined,
    wait: async (d: Deploy): Promise<Partial<Deploy>> => {
      if (d.approval === 'auto') return { approvedBy: 'auto' };
      waitingFor = d.plan?.digest;
      const approved = await condition(() => approvedBy !== undefined, patience);
      waitingFor = undefined;
      if (!approved || approvedBy === undefined) throw refusal(`nobody approved it in ${patience}`);
      return { approvedBy };
    },
  };
}

function refusal(why: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable('The plan is not approved', 'APPROVAL_REFUSED', {
    why,
    fix: 'Look at the plan again and approve the digest that it shows.',
  });
}
