import { z } from 'zod';

/** What something is to Cloud Run: it answers requests, runs and ends, or runs all the time. */
export const Kind = z.enum(['service', 'job', 'worker']);
export type Kind = z.infer<typeof Kind>;

interface OfAKind {
  readonly kind: Kind;
}

/** Whether it answers requests; jobs and workers have no address. */
export function isService({ kind }: OfAKind): boolean {
  return kind === 'service';
}

/** The names of jobs and workers. */
export function backgroundOf(services: Readonly<Record<string, OfAKind>>): readonly string[] {
  return Object.entries(services).flatMap(([name, one]) => (isService(one) ? [] : [name]));
}
