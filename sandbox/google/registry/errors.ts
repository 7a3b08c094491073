import type { Reply } from '../http.ts';

/** An error in the words of the OCI distribution specification. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The specification's error body; anything else is thrown on. */
export function registryErrorReply(error: unknown): Reply {
  if (!(error instanceof RegistryError)) throw error;
  const { status, code, message } = error;
  return { status, body: { errors: [{ code, message }] } };
}
