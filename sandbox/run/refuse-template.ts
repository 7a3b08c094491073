import { invalid } from '../google/http.ts';
import { type Container, ingressContainer, type Template } from './template.ts';

/** INVALID_ARGUMENT for a template that Cloud Run would not take: sizes, variables, probes, paths. */
export function refuseTemplate(template: Template): void {
  for (const container of template.containers) {
    refuseSize(container);
    refuseVariables(container);
    refuseProbe(container);
  }
  const { resources } = ingressContainer(template);
  const cpu = vcpus(resources?.limits?.['cpu'] ?? '1');
  if (cpu < 1 && (template.maxInstanceRequestConcurrency ?? 80) > 1)
    throw invalid('Total cpu < 1 is not supported with concurrency > 1.');
  const timeout = Number.parseFloat(template.timeout ?? '300');
  if (timeout > 3600) throw invalid('timeout: must be between 0 and 3600 seconds.');
}

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

function vcpus(text: string): number {
  return text.endsWith('m') ? Number.parseFloat(text) / 1000 : Number.parseFloat(text);
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
