/** An answer of the Management API that is not a success: `{message}` with its status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: 400 | 401 | 403 | 404 | 409 | 429 | 503;

  constructor(status: ApiError['status'], message: string) {
    super(message);
    this.status = status;
  }
}
