/** An error as GoTrue answers it: `{code, error_code, msg}` with the status `code`. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly status: 400 | 401 | 403 | 404 | 422 | 429 | 500;
  readonly code: string;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(
    status: AuthError['status'],
    code: string,
    message: string,
    more: AuthError['more'] = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}
