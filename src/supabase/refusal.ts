import { Failure } from '../failure.ts';
import type { FailureClass } from '../failure.ts';

/** What Supabase answered instead of doing it; `http` 0 = no answer came. */
export interface Refusal {
  readonly action: string;
  readonly http: number;
  readonly message: string;
  readonly outcomeUnknown?: boolean;
  readonly cause?: unknown;
}

/** The refusal as a Failure that says whether trying again can help. */
export function refused(refusal: Refusal): Failure {
  const kind = kindOf(refusal);
  return new Failure({
    code: kind.code,
    what: `Supabase refused to ${refusal.action}`,
    why: refusal.message === '' ? `HTTP ${refusal.http}` : refusal.message,
    fix: kind.fix,
    class: kind.class,
    cause: refusal.cause,
  });
}

/** The Failure for a success whose body is not what Supabase documents. */
export function strangeAnswer(action: string, cause: unknown): Failure {
  return new Failure({
    code: 'SUPABASE_ANSWER_STRANGE',
    what: `Supabase's answer to "${action}" was not understood`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: 'The API changed, or another server answers at this address: check it.',
    cause,
  });
}

interface Kind {
  readonly code: string;
  readonly class: FailureClass;
  readonly fix: string;
}

const again = 'No action needed: the call is retried.';
const token =
  'Check the access token and its organization (supabase.com/dashboard/account/tokens).';

const kinds: Readonly<Record<number, Kind>> = {
  0: {
    code: 'SUPABASE_UNREACHABLE',
    class: 'retry',
    fix: 'Check the network, and that the sandbox is running.',
  },
  401: { code: 'SUPABASE_UNAUTHENTICATED', class: 'undo', fix: token },
  403: { code: 'SUPABASE_DENIED', class: 'undo', fix: token },
  404: {
    code: 'SUPABASE_NOT_FOUND',
    class: 'undo',
    fix: 'Check the organization and the project in windlass.yaml.',
  },
  408: { code: 'SUPABASE_UNAVAILABLE', class: 'retry', fix: again },
  429: { code: 'SUPABASE_BUSY', class: 'retry', fix: again },
};

function kindOf({ http, outcomeUnknown }: Refusal): Kind {
  if (outcomeUnknown)
    return {
      code: 'SUPABASE_SILENT',
      class: 'reconcile',
      fix: 'The outcome is unknown: check the project first.',
    };
  if (http >= 500) return { code: 'SUPABASE_UNAVAILABLE', class: 'retry', fix: again };
  const fix = 'Fix what Supabase reports, then deploy again.';
  return kinds[http] ?? { code: 'SUPABASE_INVALID', class: 'undo', fix };
}
