/** What of a release differs; the order is that in which it is shown. */
export const areas = [
  'services',
  'migrations',
  'settings',
  'access',
  'smoke',
  'infra',
  'tools',
  'files',
] as const;

/** One difference between two releases. */
export interface Difference {
  readonly area: (typeof areas)[number];
  /** The service, setting or file. */
  readonly name: string;
  /** What of it, where not all of it: `env.LOG_LEVEL`. */
  readonly field?: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Values; absent where there is none, or where it is not to be shown. */
  readonly before?: string;
  readonly after?: string;
}
