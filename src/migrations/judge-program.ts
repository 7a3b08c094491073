import type { Judgement } from './judge.ts';
import type { Review } from './review.ts';

/** The name by which somebody accepts that a revision changes what was there before. */
export function acceptanceOf(revision: string): string {
  return `migration:${revision}`;
}

/**
 * A program is taken for one that only adds, until the copy of the data shows otherwise; one that was
 * accepted by name takes something away.
 */
export function judgeProgram({ revision, file, sha256, declared, goesBack }: Review): Judgement {
  const exists = goesBack === true;
  const judged: Judgement = {
    ...{ revision, file, sha256, program: true, kind: 'expand' },
    takes: [],
    judgedBy: 'effect',
    unread: [{ statement: file, why: 'is a program: the copy of the data shows what it does' }],
    back: { exists, drops: [], loses: [] },
    faults: [],
  };
  return declared === 'contract' ? accepted(judged) : judged;
}

/** Those of a service, where `names` accepts some of its programs. */
export function withAccepted(
  judgements: readonly Judgement[],
  names: readonly string[],
): readonly Judgement[] {
  return judgements.map((one) =>
    one.program && names.includes(acceptanceOf(one.revision)) ? accepted(one) : one,
  );
}

/** The same before they are judged: what is accepted counts as if the program itself said so. */
export function declaring(reviews: readonly Review[], names: readonly string[]): readonly Review[] {
  return reviews.map((one) =>
    one.tool === 'command' && names.includes(acceptanceOf(one.revision))
      ? { ...one, declared: 'contract' }
      : one,
  );
}

function accepted(judged: Judgement): Judgement {
  return { ...judged, kind: judged.back.exists ? 'contract' : 'irreversible' };
}
