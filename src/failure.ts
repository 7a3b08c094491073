import { redacted, withoutKnown } from './redaction/redacted.ts';

/**
 * What may be done about a failure: `retry` (trying again can help), `undo` (it cannot: wind back),
 * `reconcile` (the outcome is unknown: look at the world before anything else).
 */
export type FailureClass = 'retry' | 'undo' | 'reconcile';

/** The same lines for UI, CLI and log: what happened, why, what to do. */
export interface FailureText {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/**
 * An error with a stable code and a way out; every error of ours that a user may see is one. Its
 * words may come from outside, so no secret that is known or looks like one comes through here.
 */
export class Failure extends Error implements FailureText {
  override readonly name = 'Failure';
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly class: FailureClass;

  constructor(text: FailureText & { readonly class?: FailureClass; readonly cause?: unknown }) {
    super(redacted(text.what), text.cause === undefined ? {} : { cause: text.cause });
    this.code = text.code;
    this.what = this.message;
    this.why = redacted(text.why);
    this.fix = withoutKnown(text.fix);
    this.class = text.class ?? 'undo';
  }
}

/** The failure as the lines that every surface shows. */
export function failureLines(failure: FailureText): readonly string[] {
  return [`${failure.what} [${failure.code}]`, `why: ${failure.why}`, `fix: ${failure.fix}`];
}

/** Why an error that is no Failure happened: a bug, with the place of the worker's log. */
export const unexpected = 'Unexpected error; please report it (log: .windlass/log/worker.log).';

/** Whatever was thrown, as a text and nothing else of it; a Failure keeps its own words. */
export function failureText(error: unknown): FailureText {
  if (error instanceof Failure) {
    const { code, what, why, fix } = error;
    return { code, what, why, fix };
  }
  const message = redacted(error instanceof Error ? error.message : String(error));
  return {
    code: 'UNEXPECTED',
    what: message,
    why: unexpected,
    fix: 'Check the log, then run the command again.',
  };
}
