import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem, type Request } from './http.ts';
import type { Call } from './resource.ts';
import { isList, isObject, sameValue, text, type Value, type ValueObject } from './value.ts';

/** Where a policy is read and written, and how it is wrapped when written. */
export type PolicyCalls = {
  readonly get: Request;
  readonly set: (policy: ValueObject) => Request;
};

/** One role for some members, under a condition or none. */
export type Binding = {
  readonly role: string;
  readonly condition: Value;
  readonly members: readonly string[];
};

const attempts = 8;
const queues = new Map<string, Promise<unknown>>();

/** Reads, changes and writes a policy, one writer at a time, and anew where another came between (409). */
export function changePolicy(
  call: Call,
  calls: PolicyCalls,
  change: (bindings: readonly Binding[]) => readonly Binding[],
): Promise<void> {
  const key = `${call.configuration.endpoint(calls.get.product)}${calls.get.path}`;
  const turn = (queues.get(key) ?? Promise.resolve()).then(() => writePolicy(call, calls, change));
  const settled = turn
    .catch(() => undefined)
    .finally(() => {
      if (queues.get(key) === settled) queues.delete(key);
    });
  queues.set(key, settled);
  return turn;
}

async function writePolicy(
  call: Call,
  calls: PolicyCalls,
  change: (bindings: readonly Binding[]) => readonly Binding[],
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const policy = await call.send(calls.get);
      await call.send(calls.set(changed(policy, change(bindingsOf(policy)))));
      return;
    } catch (problem) {
      const stale = problem instanceof ApiProblem && problem.status === 409;
      if (!stale || attempt === attempts || call.stopped.aborted) throw problem;
      await sleep(50 * 2 ** attempt);
    }
  }
}

function changed(policy: ValueObject, bindings: readonly Binding[]): ValueObject {
  const { bindings: _old, ...rest } = policy;
  const filled = bindings.filter((binding) => binding.members.length > 0).map(bindingJson);
  return { ...rest, ...(filled.length === 0 ? {} : { bindings: filled }), version: 3 };
}

const bindingJson = ({ condition, members, role }: Binding): ValueObject =>
  condition === null ? { members, role } : { condition, members, role };

/** The bindings of a policy. */
export function bindingsOf(policy: ValueObject): readonly Binding[] {
  const bindings = policy['bindings'];
  if (!isList(bindings)) return [];
  return bindings.filter(isObject).map((binding) => ({
    role: text(binding['role']),
    condition: binding['condition'] ?? null,
    members: isList(binding['members']) ? binding['members'].map((member) => text(member)) : [],
  }));
}

/** Tells whether two bindings give the same role under the same condition. */
export const sameGrant = (
  left: Omit<Binding, 'members'>,
  right: Omit<Binding, 'members'>,
): boolean => left.role === right.role && sameValue(left.condition, right.condition);
