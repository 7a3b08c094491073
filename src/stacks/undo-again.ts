import { Failure } from '../failure.ts';

/** Ways in which terraform fails for good, whoever asks: to try them again only takes time. */
const forGood: ReadonlySet<string> = new Set(['TERRAFORM_ENV_REFUSED', 'TERRAFORM_RUN_MIXED_UP']);

/**
 * Runs terraform for an undo: what it fails by is tried again, also where nobody knows the error.
 * An undo has nothing to wind back to; without its other attempts it would wait for a person.
 */
export async function undoAgain<T>(undo: () => Promise<T>): Promise<T> {
  try {
    return await undo();
  } catch (error) {
    throw isTriedAgain(error) ? asRetried(error) : error;
  }
}

function isTriedAgain(error: unknown): error is Failure {
  if (!(error instanceof Failure) || error.class !== 'undo') return false;
  return error.code.startsWith('TERRAFORM_') && !forGood.has(error.code);
}

function asRetried({ code, what, why, fix, cause }: Failure): Failure {
  return new Failure({ code, what, why, fix, class: 'retry', cause });
}
