/**
 * Whether a request was meant for this machine: a page of the web that has its own name point here
 * sends that name (DNS rebinding).
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host ?? '');
}
