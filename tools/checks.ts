import { existsSync } from 'node:fs';

/** One program that looks at the whole tree and ends with 0 when it has no complaint. */
export interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const python = ['examples', 'tools/python', 'sandbox/run/networks'].filter((folder) =>
  existsSync(folder),
);
const ruff = 'tools/python/.venv/bin/ruff';
const terraform = process.env['WINDLASS_TERRAFORM'] ?? 'terraform';

/** What `make check` runs. */
export const judges: readonly Check[] = [
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'promises', command: ['node', 'tools/check-promises.ts'] },
  { name: 'examples', command: ['node', 'tools/check-examples.ts'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
  { name: 'python lint', command: [ruff, 'check', '--quiet', ...python] },
  { name: 'python format', command: [ruff, 'format', '--check', '--quiet', ...python] },
  { name: 'terraform format', command: [terraform, 'fmt', '-check', '-recursive', 'infra'] },
  { name: 'terraform validate', command: ['node', 'tools/validate-infra.ts'] },
];

/** What `make fmt` runs. */
export const formatters: readonly Check[] = [
  { name: 'format', command: ['prettier', '--write', '--log-level', 'warn', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--fix'] },
  { name: 'python lint', command: [ruff, 'check', '--quiet', '--fix', ...python] },
  { name: 'python format', command: [ruff, 'format', '--quiet', ...python] },
  { name: 'terraform format', command: [terraform, 'fmt', '-recursive', 'infra'] },
];
