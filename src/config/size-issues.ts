import type { Issue } from './issue.ts';
import { mebibytes, runLimits } from './run-limits.ts';

interface Sized {
  readonly cpu: number;
  readonly memory: string;
  readonly concurrency: number;
}

/** What an instance may need: vCPU, and the least and most memory that go with them, in MiB. */
interface Size {
  readonly cpu: number;
  readonly least: number;
  readonly most: number;
}

const { whole, parts, concurrencyOfParts } = runLimits.cpu;
const sizes: readonly Size[] = [...parts, ...whole];

/** Pairs of vCPU, memory and concurrency that Cloud Run refuses. */
export function sizeIssues(service: Sized): readonly Issue[] {
  const size = sizeOf(service.cpu);
  if (!size) return [cpuIssue(service.cpu)];
  return [...memoryIssues(service, size), ...concurrencyIssues(service)];
}

/** What this number of vCPU admits; undefined where Cloud Run has no such instance. */
function sizeOf(cpu: number): Size | undefined {
  if (cpu >= 1) return whole.find((one) => one.cpu === cpu);
  const inSteps = Math.abs(cpu * 1000 - Math.round(cpu * 1000)) < 1e-6;
  return inSteps ? parts.findLast((one) => one.cpu <= cpu) : undefined;
}

function cpuIssue(cpu: number): Issue {
  const next = sizes.find((one) => one.cpu >= cpu) ?? whole.at(-1);
  return {
    path: ['cpu'],
    message: `is ${cpu}: Cloud Run gives an instance 1, 2, 4, 6 or 8 vCPU, or from 0.08 to 1 in steps of 0.001`,
    fix: `Write \`cpu: ${next?.cpu}\`.`,
  };
}

function memoryIssues({ cpu, memory }: Sized, size: Size): readonly Issue[] {
  const path = ['memory'];
  const wanted = mebibytes(memory);
  if (wanted === undefined)
    return [{ path, message: `is '${memory}'`, fix: 'Write it as `512Mi` or `1Gi`.' }];
  if (wanted >= size.least && wanted <= size.most) return [];
  const message = `is ${memory}: with ${cpu} vCPU Cloud Run gives an instance ${shown(size.least)} to ${shown(size.most)}`;
  const other = sizes.find((one) => one.least <= wanted && wanted <= one.most && one.cpu > cpu);
  const nearest = `\`memory: ${shown(wanted < size.least ? size.least : size.most)}\``;
  const bigger = wanted > size.most && other ? ` or \`cpu: ${other.cpu}\`` : '';
  return [{ path, message, fix: `Write ${nearest}${bigger}.` }];
}

function concurrencyIssues({ cpu, concurrency }: Sized): readonly Issue[] {
  if (cpu >= 1 || concurrency === concurrencyOfParts) return [];
  const message = `is ${concurrency}: with less than 1 vCPU an instance takes one request at a time`;
  return [{ path: ['concurrency'], message, fix: 'Write `concurrency: 1`, or `cpu: 1`.' }];
}

function shown(mebi: number): string {
  return mebi >= 1024 && mebi % 1024 === 0 ? `${mebi / 1024}Gi` : `${mebi}Mi`;
}
