import { ApplicationFailure } from '@temporalio/workflow';

const again = 'Check the plan again and approve the digest that it shows.';

/** No plan waits for an approval at this moment. */
export function notWaiting(): ApplicationFailure {
  return refusal('APPROVAL_NOT_WAITING', 'No plan waits for an approval', again);
}

/** The approval names another plan than the one that waits. */
export function wrongDigest(digest: string): ApplicationFailure {
  return refusal('APPROVAL_WRONG_DIGEST', `The waiting plan has the digest ${digest}`, again);
}

/** Whoever asked for the deploy may not be the one who approves it. */
export function samePerson(actor: string): ApplicationFailure {
  const why = `${actor} started this run, and \`approval.secondPerson\` requires another person`;
  return refusal('APPROVAL_SAME_PERSON', why, 'Have a second person approve it.');
}

/** Nothing says who approves but their own word. */
export function unidentified(actor: string): ApplicationFailure {
  const why = `its sender ${actor} is not authenticated`;
  return refusal(
    'APPROVAL_UNIDENTIFIED',
    why,
    'Approve with bin/windlass, which authenticates you.',
  );
}

/** The states are other ones than when the plan was made: the run plans again. */
export function stateMoved(stacks: readonly string[]): ApplicationFailure {
  const why = `The state of ${stacks.join(' and ')} changed after the plan was made`;
  return refusal('APPROVAL_STATE_MOVED', why, 'The run plans again: approve the new digest.');
}

/** Nobody approved the plan in the time that it may wait. */
export function expired(seconds: number): ApplicationFailure {
  const why = `Nobody approved the plan within ${seconds} seconds`;
  return refusal(
    'APPROVAL_EXPIRED',
    why,
    'Deploy again; `approval.patience` says how long it waits.',
  );
}

/** The plan holds points of no return that nobody accepted. */
export function noReturn(names: readonly string[]): ApplicationFailure {
  const flags = names.map((name) => `--accept ${name}`).join(' ');
  const why = `There is no way back from ${names.join(', ')}`;
  return refusal('POINT_OF_NO_RETURN', why, `To accept it: ${flags}`);
}

function refusal(code: string, why: string, fix: string): ApplicationFailure {
  const what = code === 'POINT_OF_NO_RETURN' ? 'The plan cannot be undone' : 'Not approved';
  return ApplicationFailure.nonRetryable(`${what}: ${why}`, code, { why, fix });
}
