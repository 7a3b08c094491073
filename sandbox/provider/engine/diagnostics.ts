import { ApiProblem } from './http.ts';

const severity = { error: 1 } as const;

/** An error as Terraform shows it. */
export function errorDiagnostic(problem: unknown) {
  const summary = problem instanceof Error ? problem.message : String(problem);
  const status = problem instanceof ApiProblem ? ` (HTTP ${String(problem.status)})` : '';
  return { severity: severity.error, summary, detail: status.trim() };
}

/** Runs one request of the protocol; what goes wrong becomes its error diagnostic. */
export async function answered<T extends object>(work: () => Promise<T> | T) {
  try {
    return await work();
  } catch (problem) {
    return { diagnostics: [errorDiagnostic(problem)] };
  }
}
