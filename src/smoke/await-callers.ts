import { awaitSpread } from '../gcp/await-spread.ts';
import type { Patience } from '../gcp/await-spread.ts';
import { ask } from './ask.ts';
import type { Reach } from './reach.ts';

/**
 * Waits until Google lets each caller in: who may call a service that was made a moment ago is
 * known at its door only minutes later.
 */
export async function awaitCallers(reaches: readonly Reach[], patience: Patience): Promise<void> {
  const nameOf = ({ name }: Reach): string => `calls of ${name}`;
  return awaitSpread({ cells: reaches, look: isLetIn, nameOf }, patience);
}

/** The door's own refusal is a page; what a service refuses itself is for the tests that follow. */
async function isLetIn(reach: Reach): Promise<boolean> {
  const { status, body } = await ask(reach, { path: reach.harmless ?? '/' });
  const refused = (status === 401 || status === 403) && typeof body === 'string';
  return !(refused && body.includes(doorWords));
}

/** On Google's pages for who may not call, whatever else they hold. */
const doorWords = 'Your client does not have permission';
