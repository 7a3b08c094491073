import type { Site } from '../site.ts';
import { onePerson, unsigned } from '../words.ts';
import type { Act, Spoken, WordKind } from '../words.ts';
import { actOf, peopleOf } from './admit-start.ts';
import { refusal } from './refused.ts';
import { readStart, writeApproval } from './trust-objects.ts';
import { verifySpoken } from './verify-spoken.ts';

/** A word to a run, what it is about and what takes it. */
export interface Heard {
  readonly said: Spoken;
  readonly kind: Extract<WordKind, 'approve' | 'stop' | 'undo'>;
  readonly act: Act['act'];
  /** Digest of what is said; that of the plan for an approval. */
  readonly digest: string;
  readonly runId: string;
  readonly work: string;
}

/** Who said it, checked by the rules that the run began under; only claimed where it has none. */
export async function hear(site: Site, heard: Heard): Promise<Act> {
  const { said, kind, act, digest, runId, work } = heard;
  const start = await readStart(site, runId);
  if (!start) return unsigned(act, said);
  const wanted = { people: peopleOf(start), kind, digest, run: runId, taker: runId, work };
  const identity = await verifySpoken(site, said, wanted);
  if (kind !== 'approve') return actOf(act, identity);
  const { started, secondPerson } = start;
  const [one, other] = [
    { actor: '', identity: started },
    { actor: '', identity },
  ];
  if (secondPerson && onePerson(one, other))
    throw refusal(
      'APPROVAL_SAME_PERSON',
      `${started.name} started this run, and \`approval.secondPerson\` requires another person`,
      'Have a second person approve it.',
    );
  await writeApproval(site, runId, { version: 1, plan: digest, approved: identity });
  return actOf(act, identity);
}
