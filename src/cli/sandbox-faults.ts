import { Failure } from '../failure.ts';
import { controlSandbox } from '../sandbox-control.ts';

/** Plants a named fault in the running sandbox, for trying out how a deploy rolls back. */
export async function plantFault(
  home: string,
  name: string,
  service: string | undefined,
): Promise<string> {
  // Once: an undo makes the same kind of call as the step, and must not meet the fault again.
  const once = name === 'migrate' || name === 'foundation' ? {} : { times: 1 };
  // The first policy that is written: a deploy may write but one.
  const first = name === 'foundation' ? { after: 0 } : {};
  const options = { ...once, ...first, ...(service !== undefined && { service }) };
  await control(home, name, 'PUT', options);
  const which = service === undefined ? 'reaches' : `changes ${service} and reaches`;
  return `Injected: the next deploy that ${which} ${name} fails there. Remove it with --clear.`;
}

/** Removes a planted fault; one that has struck is gone already. */
export async function clearFault(home: string, name: string): Promise<string> {
  const answer = await controlSandbox(home, `/faults/${name}`, { method: 'DELETE' });
  if (answer.status === 404)
    return `No fault ${name} is active: it was triggered already, or never injected.`;
  if (!answer.ok) throw unknownFault(name, await answer.text());
  return `Removed the fault ${name}.`;
}

async function control(
  home: string,
  name: string,
  method: string,
  body: object | undefined,
): Promise<void> {
  const answer = await controlSandbox(home, `/faults/${name}`, { method, ...(body && { body }) });
  if (answer.ok) return;
  throw unknownFault(name, await answer.text());
}

function unknownFault(name: string, why: string): Failure {
  return new Failure({
    code: 'FAULT_UNKNOWN',
    what: `There is no fault '${name}'`,
    why,
    fix: 'See `windlass sandbox fault --help`.',
  });
}
