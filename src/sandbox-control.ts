import { readAddressBook } from './address-book.ts';
import { Failure } from './failure.ts';

/** Asks the control door of a home's sandbox, as `/faults/http`; SANDBOX_DOWN where none answers. */
export async function controlSandbox(
  home: string,
  path: string,
  { method, body }: { readonly method: string; readonly body?: object },
): Promise<Response> {
  const book = await readAddressBook(home);
  const answer = await fetch(`${book?.google ?? 'http://127.0.0.1:1'}/_sandbox${path}`, {
    method,
    headers: { authorization: `Bearer ${book?.googleToken}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  }).catch(() => undefined);
  if (answer) return answer;
  throw new Failure({
    code: 'SANDBOX_DOWN',
    what: 'The sandbox is not running',
    why: 'its API does not respond',
    fix: 'Start it with `make sandbox-up`.',
  });
}
