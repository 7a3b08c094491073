import { z } from 'zod';

const Labelled = z.object({ labels: z.object({ service: z.string().optional() }).nullish() });

/** The name of the job that the smoke test runs before what it runs counts. */
export function candidateOf(name: string): string {
  return `${name}-candidate`;
}

/** Whether a job is the candidate of one, and not one whose own name ends so. */
export function isCandidate(job: Readonly<Record<string, unknown>>): boolean {
  return job['name'] === candidateOf(labelledService(job) ?? '');
}

/** The service, job or worker that the labels of a resource name; undefined where they name none. */
export function labelledService(resource: unknown): string | undefined {
  return Labelled.safeParse(resource).data?.labels?.service;
}
