/**
 * A promise that somebody awaits later, or that may be given up: until then its rejection is
 * nobody's, and must not end the process. Whoever awaits it still gets the rejection.
 */
export function held<P extends Promise<unknown>>(promise: P): P {
  promise.catch(() => undefined);
  return promise;
}
