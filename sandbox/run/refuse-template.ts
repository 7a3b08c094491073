import { invalid } from '../google/http.ts';
import { type Container, ingressContainer, type Template } from './template.ts';

/** INVALID_ARGUMENT for a template that Cloud Run would not take: sizes, variables, probes, paths. */
export function refuseTemplate(template: Template): void {
  for (const container of template.containers) {
    refuseSize(container);
    refuseVariables(container);
    refuseProbe(container);
  }
  refuseTogether(template);
  const timeout = Number.parseFloat(template.timeout ?? '300');
  if (timeout > 3600) throw invalid('timeout: must be between 0 and 3600 seconds.');
}

/** What a size asks of the rest: part of a CPU, the generation, the number of requests at once. */
function refuseTogether(template: Template): void {
  const { resources } = ingressContainer(template);
  const cpu = vcpus(resources?.limits?.['cpu'] ?? '1');
  const concurrency = template.maxInstanceRequestConcurrency ?? 80;
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 1000)
    throw invalid('max_instance_request_concurrency: must be between 1 and 1000.');
  if (cpu < 1 && concurrency > 1)
    throw invalid('Total cpu < 1 is not supported with concurrency > 1.');
  if (cpu < 1 && resources?.cpuIdle === false)
    throw invalid('Total cpu < 1 is not supported with CPU always allocated.');
  if (template.executionEnvironment !== 'EXECUTION_ENVIRONMENT_GEN2') return;
  if (cpu < 1) throw invalid('Total cpu < 1 is not supported with gen2 execution environment.');
  if (mebi(resources?.limits?.['memory'] ?? '512Mi') < LEAST_OF_GEN2)
    throw invalid(
      'Total memory < 512 Mi is not supported with the second generation execution environment.',
    );
}

const LEAST_OF_GEN2 = 512; // MiB

/** vCPU with the least and the most memory that go with them, in MiB. */
const sizes = [
  { cpu: 0.08, least: 128, most: 512 },
  { cpu: 0.5, least: 128, most: 1024 },
  { cpu: 1, least: 128, most: 4096 },
  { cpu: 2, least: 128, most: 8192 },
  { cpu: 4, least: 2048, most: 16_384 },
  { cpu: 6, least: 4096, most: 24_576 },
  { cpu: 8, least: 4096, most: 32_768 },
];

function refuseSize({ resources }: Container): void {
  const cpu = vcpus(resources?.limits?.['cpu'] ?? '1');
  const size = sizes.findLast((one) => (cpu < 1 ? one.cpu <= cpu : one.cpu === cpu));
  if (!size)
    throw invalid(
      'Invalid value specified for cpu. Must be equal to one of [.08-1], 1.0, 2.0, 4.0, 6.0, 8.0',
    );
  const memory = mebi(resources?.limits?.['memory'] ?? '512Mi');
  if (memory >= size.least && memory <= size.most) return;
  throw invalid(
    `Invalid value specified for container memory. For ${cpu} CPU, memory must be between ${size.least}Mi and ${size.most}Mi inclusive.`,
  );
}

const reserved = new Set(['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION']);

function refuseVariables({ env = [] }: Container): void {
  const names = env.map(({ name }) => name);
  const taken = names.filter((name) => reserved.has(name) || name.startsWith('X_GOOGLE_'));
  if (taken.length > 0)
    throw invalid(
      `The following reserved env names were provided: ${taken.join(', ')}. These values are automatically set by the system.`,
    );
  const wrong = names.find((name) => name === '' || /[=\0]/.test(name));
  if (wrong !== undefined) throw invalid(`env: invalid name '${wrong}'.`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`env: '${twice}' is given more than once.`);
  if (names.length > 1000) throw invalid('env: at most 1000 environment variables are allowed.');
}

const slowestStart = 240; // seconds

function refuseProbe({ startupProbe }: Container): void {
  const { timeoutSeconds = 1, periodSeconds = 10, failureThreshold = 3 } = startupProbe ?? {};
  if (timeoutSeconds > periodSeconds)
    throw invalid('startup_probe.timeout_seconds: must not be greater than period_seconds.');
  if (periodSeconds * failureThreshold <= slowestStart) return;
  throw invalid(
    `startup_probe: failure_threshold * period_seconds must not be greater than ${slowestStart}.`,
  );
}

/** NaN, which no size has, for what is no quantity. */
function vcpus(text: string): number {
  const [, number, milli] = /^(\d*\.?\d+)(m?)$/.exec(text) ?? [];
  return number === undefined ? Number.NaN : Number(number) / (milli === 'm' ? 1000 : 1);
}

const units: Readonly<Record<string, number>> = { '': 1 / 2 ** 20, k: 1000 / 2 ** 20 };
const binary: Readonly<Record<string, number>> = { Ki: 1 / 1024, Mi: 1, Gi: 1024 };
const decimal: Readonly<Record<string, number>> = { M: 1e6 / 2 ** 20, G: 1e9 / 2 ** 20 };

function mebi(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(\w*)$/.exec(text) ?? [];
  const factor = { ...units, ...binary, ...decimal }[unit];
  if (number === undefined || factor === undefined)
    throw invalid(`Invalid value specified for container memory: '${text}'.`);
  return Number(number) * factor;
}
