import type { Message } from '../protocol/services.ts';
import { isStrict } from '../engine/change.ts';
import { errorDiagnostic } from '../engine/diagnostics.ts';
import type { Call, Outcome, Resource } from '../engine/resource.ts';
import { shaped } from '../engine/shape.ts';
import { pack, text, type ValueObject } from '../engine/value.ts';
import { namedResource, packedObject } from './request-values.ts';

/** Creates, changes or deletes a resource; what is known of it is answered even where that failed. */
export async function applyChange(call: Call, request: Message) {
  const resource = namedResource(request['typeName']);
  const prior = packedObject(request['priorState']);
  const planned = packedObject(request['plannedState']);
  const { state, failure } = await outcome(resource, call, { prior, planned });
  return {
    newState: pack(state === null ? null : shaped(resource.fields, state)),
    diagnostics: failure === undefined ? [] : [errorDiagnostic(failure)],
    legacyTypeSystem: !isStrict(resource),
  };
}

type Sides = { readonly prior: ValueObject | null; readonly planned: ValueObject | null };

async function outcome(
  resource: Resource,
  call: Call,
  { prior, planned }: Sides,
): Promise<Outcome> {
  try {
    if (planned === null) {
      if (prior !== null) await destroy(resource, call, prior);
      return { state: null };
    }
    if (prior === null) return await resource.create(call, planned);
    return (await resource.update?.(call, planned, prior)) ?? { state: planned };
  } catch (failure) {
    return { state: prior, failure };
  }
}

async function destroy(resource: Resource, call: Call, state: ValueObject): Promise<void> {
  const policy = state['deletion_policy'];
  if (policy === 'ABANDON') return;
  if (policy === 'PREVENT') {
    throw new Error(`cannot destroy ${text(state['id'])}: its deletion_policy is PREVENT`);
  }
  await resource.destroy(call, state);
}
