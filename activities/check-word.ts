import { Context } from '@temporalio/activity';
import { hear } from '../src/identity/hear.ts';
import { wordDigest } from '../src/identity/statement.ts';
import type { Verdict } from '../src/unwind.ts';
import type { Act, Spoken } from '../src/words.ts';
import type { Input, Work } from './edge.ts';

/** A stop, or what is to become of an undo that cannot finish. */
type Said = Input &
  (
    | { readonly kind: 'stop'; readonly said: Spoken & { readonly reason: string } }
    | {
        readonly kind: 'undo';
        readonly said: Spoken & { readonly step: string; readonly verdict: Verdict };
      }
  );

/** Who says it; a Failure where it is nobody who may. */
export async function checkWord(word: Said, { site }: Work): Promise<Act> {
  const { runId, said } = word;
  const about =
    word.kind === 'stop'
      ? ({ kind: 'stop', act: 'stop', digest: wordDigest({ reason: word.said.reason }) } as const)
      : ({
          kind: 'undo',
          act: word.said.verdict.action,
          digest: verdictDigest(word.said),
        } as const);
  return hear(site, { said, runId, work: Context.current().info.activityId, ...about });
}

function verdictDigest({ step, verdict }: { readonly step: string; readonly verdict: Verdict }) {
  return wordDigest({ step, verdict });
}
