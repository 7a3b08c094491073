import { Failure } from '../failure.ts';
import type { FailureClass } from '../failure.ts';

/** What Google answered instead of doing it; `http` 0 = no answer came. */
export interface Refusal {
  readonly action: string;
  readonly http: number;
  readonly status: string;
  readonly message: string;
  /** `reason` of google.rpc.ErrorInfo, such as SERVICE_DISABLED. */
  readonly reason?: string | undefined;
  readonly mutating: boolean;
  readonly cause?: unknown;
}

/** The refusal as a Failure that says whether trying again can help. */
export function refused(refusal: Refusal): Failure {
  const kind = kindOf(refusal);
  return new Failure({
    code: kind.code,
    what: `Google refused to ${refusal.action}`,
    why: refusal.message === '' ? `HTTP ${refusal.http} ${refusal.status}` : refusal.message,
    fix: kind.fix,
    class: kind.class,
    cause: refusal.cause,
  });
}

/** The result, or undefined where Google says that the thing does not exist. */
export async function unlessMissing<T>(result: Promise<T>): Promise<T | undefined> {
  return result.catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'GOOGLE_NOT_FOUND') return undefined;
    throw error;
  });
}

/** The Failure for a success whose body is not what Google documents. */
export function strangeAnswer(action: string, cause: unknown): Failure {
  return new Failure({
    code: 'GOOGLE_ANSWER_STRANGE',
    what: `Google's answer to "${action}" was not understood`,
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

const kinds: Readonly<Record<number, Kind>> = {
  0: {
    code: 'GOOGLE_UNREACHABLE',
    class: 'retry',
    fix: 'Check the network, and that the sandbox is running.',
  },
  400: {
    code: 'GOOGLE_INVALID',
    class: 'undo',
    fix: 'Fix what Google reports, then deploy again.',
  },
  401: {
    code: 'GOOGLE_UNAUTHENTICATED',
    class: 'undo',
    fix: 'Sign in again (gcloud auth application-default login).',
  },
  403: {
    code: 'GOOGLE_DENIED',
    class: 'retry',
    fix: 'A new grant takes minutes to take effect; if the error persists, grant the role that Google names.',
  },
  404: {
    code: 'GOOGLE_NOT_FOUND',
    class: 'undo',
    fix: 'Check the name and the project in windlass.yaml.',
  },
  409: {
    code: 'GOOGLE_CONFLICT',
    class: 'undo',
    fix: 'Check who else changes this project, then deploy again.',
  },
  412: { code: 'GOOGLE_MOVED', class: 'undo', fix: 'It was changed in the meantime: plan again.' },
  429: { code: 'GOOGLE_BUSY', class: 'retry', fix: again },
};

/** https://cloud.google.com/service-usage/docs/error-messages: a 403 that no role mends. */
const apiOff: Kind = {
  code: 'GOOGLE_API_OFF',
  class: 'retry',
  fix: 'Enable it by `windlass bootstrap -e ENVIRONMENT`, or at the link that Google names; it takes some minutes to take effect.',
};
/** It switches the others on, and so cannot be switched on through itself. */
const serviceUsageOff: Kind = {
  ...apiOff,
  fix: 'Enable it at the link that Google names, or by `gcloud services enable serviceusage.googleapis.com`; then `windlass bootstrap -e ENVIRONMENT` enables the others.',
};
const apiOffWords =
  /SERVICE_DISABLED|API has not been used in project \S+ before or it is disabled/i;

function kindOf(refusal: Refusal): Kind {
  const { reason = '', message } = refusal;
  if (refusal.http === 403 && apiOffWords.test(`${reason} ${message}`))
    return message.includes('serviceusage.googleapis.com') ? serviceUsageOff : apiOff;
  if (refusal.mutating && refusal.status === 'DEADLINE_EXCEEDED')
    return {
      code: 'GOOGLE_SILENT',
      class: 'reconcile',
      fix: 'The outcome is unknown: check the project first.',
    };
  if (refusal.status === 'ABORTED') return { code: 'GOOGLE_STALE', class: 'retry', fix: again };
  if (refusal.http >= 500 || refusal.http === 408)
    return { code: 'GOOGLE_UNAVAILABLE', class: 'retry', fix: again };
  return (
    kinds[refusal.http] ?? {
      code: 'GOOGLE_REFUSED',
      class: 'undo',
      fix: 'See Google’s answer above.',
    }
  );
}
