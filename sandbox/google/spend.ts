import { z } from 'zod';
import type { World } from '../world.ts';
import { budgetPublisher } from './budgets.ts';
import { Budget, budgetMessage } from './budget-message.ts';
import { type Call, GoogleError, notFound, ok, type Reply, type Route } from './http.ts';
import { allows } from './policy-store.ts';
import { projectNamed } from './projects.ts';
import { publish } from './pubsub/backlog.ts';
import { topics } from './pubsub/records.ts';

const Spending = z.object({
  project: z.string(),
  /** What the month has cost so far, in the budget's currency. */
  amount: z.number().min(0),
  /** What the month will have cost at its end. */
  forecast: z.number().min(0).optional(),
});

/** Lets a project's month cost something: its budgets publish that, as Google's do all day long. */
export function spendRoutes(world: World): readonly Route[] {
  return [{ method: 'POST', template: '/_sandbox/spend', handle: (call) => spend(world, call) }];
}

function spend(world: World, call: Call): Reply {
  const { project, amount, forecast = amount } = Spending.parse(call.body ?? {});
  const budgets = budgetsOf(world, project);
  if (budgets.length === 0) throw notFound(`No budget of ${project} has a Pub/Sub topic.`);
  for (const budget of budgets) {
    const topic = budget.notificationsRule.pubsubTopic;
    demandPublisher(world, topic);
    publish(world, topic, budgetMessage(budget, { amount, forecast }, world.now()));
  }
  return ok({ budgets: budgets.map(({ displayName }) => displayName) });
}

/** Those that watch the project and have a topic. */
function budgetsOf(world: World, project: string): readonly Budget[] {
  const number = projectNamed(world, `projects/${project}`)?.projectNumber;
  return world
    .collection('budgets', z.unknown())
    .list()
    .flatMap(([, fields]) => Budget.safeParse(fields).data ?? [])
    .filter(({ budgetFilter }) => budgetFilter.projects.includes(`projects/${number}`));
}

/** Google says nothing where its message is lost; whoever tries it out should know. */
function demandPublisher(world: World, topic: string): void {
  const may = allows(world, budgetPublisher, 'pubsub.topics.publish', topic);
  if (may && topics(world).get(topic) !== undefined) return;
  const why = may ? 'does not exist' : `does not let ${budgetPublisher} publish (yet)`;
  throw new GoogleError('FAILED_PRECONDITION', `The topic ${topic} ${why}.`);
}
