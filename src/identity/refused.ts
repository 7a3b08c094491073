import { Failure } from '../failure.ts';

/** Why a word was not taken. */
export type RefusalCode =
  | 'SIGNATURE_MISSING'
  | 'SIGNATURE_INVALID'
  | 'SIGNATURE_NAMESPACE'
  | 'SIGNER_UNKNOWN'
  | 'SIGNER_MAY_NOT'
  | 'SIGNED_EXPIRED'
  | 'SIGNED_TWICE'
  | 'SIGNED_FOR_OTHER_ENVIRONMENT'
  | 'SIGNED_FOR_OTHER_KIND'
  | 'SIGNED_FOR_OTHER_DIGEST'
  | 'SIGNED_FOR_OTHER_RUN'
  | 'TOKEN_INVALID'
  | 'RUN_NOT_AUTHORIZED'
  | 'APPROVAL_SAME_PERSON';

/** The refusal of a word whose proof does not hold; nothing was touched. */
export function refusal(code: RefusalCode, why: string, fix: string = again): Failure {
  return new Failure({ code, what: whats[code], why, fix });
}

const again = 'Run the command again with bin/windlass, which signs it.';

const whats: Readonly<Record<RefusalCode, string>> = {
  SIGNATURE_MISSING: 'This environment requires signed requests',
  SIGNATURE_INVALID: 'The signature is invalid',
  SIGNATURE_NAMESPACE: 'The signature was made for something else',
  SIGNER_UNKNOWN: 'The signer is not known to this environment',
  SIGNER_MAY_NOT: 'The signer may not do this',
  SIGNED_EXPIRED: 'The signature has expired',
  SIGNED_TWICE: 'The signature was used before',
  SIGNED_FOR_OTHER_ENVIRONMENT: 'The signature is for another environment',
  SIGNED_FOR_OTHER_KIND: 'The signature is for something else',
  SIGNED_FOR_OTHER_DIGEST: 'What is asked for is not what was signed',
  SIGNED_FOR_OTHER_RUN: 'The signature is for another run',
  TOKEN_INVALID: 'The token is invalid',
  RUN_NOT_AUTHORIZED: 'This run was not authorized',
  APPROVAL_SAME_PERSON: 'Not approved: whoever started the run may not approve it',
};
