import { readAddressBook } from '../address-book.ts';
import { Failure } from '../failure.ts';

/** Plants a named fault in the running sandbox, for trying out how a deploy winds back. */
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
  return `Planted: the next deploy will fail at ${name}. Remove it with --clear.`;
}

/** Removes a planted fault. */
export async function clearFault(home: string, name: string): Promise<string> {
  await control(home, name, 'DELETE', undefined);
  return `Removed the fault ${name}.`;
}

async function control(home: string, name: string, method: string, body: unknown): Promise<void> {
  const book = await readAddressBook(home);
  const text = JSON.stringify(body);
  const answer = await fetch(`${book?.google ?? 'http://127.0.0.1:1'}/_sandbox/faults/${name}`, {
    method,
    headers: {
      authorization: `Bearer ${book?.googleToken}`,
      'content-type': 'application/json',
    },
    ...(text !== undefined && { body: text }),
  }).catch(() => undefined);
  if (answer?.ok) return;
  throw new Failure({
    code: answer ? 'FAULT_UNKNOWN' : 'SANDBOX_DOWN',
    what: answer ? `There is no fault '${name}'` : 'The sandbox is not running',
    why: answer ? await answer.text() : 'its door does not answer',
    fix: answer ? 'See `windlass sandbox fault --help`.' : 'Start it with `make sandbox-up`.',
  });
}
