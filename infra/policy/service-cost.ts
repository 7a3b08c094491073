import { z } from 'zod';
import type { Cost } from './cost.ts';
import { prices, runRates } from './prices.ts';
import type { RunRates } from './prices.ts';
import { gibibytes, vcpus } from './quantities.ts';

const Scaling = z
  .array(z.object({ min_instance_count: z.number().nullable().default(null) }))
  .default([]);

const Resources = z.object({
  cpu_idle: z.boolean().nullable().default(null),
  limits: z.record(z.string(), z.string()).nullable().default(null),
});

const Container = z.object({ resources: z.array(Resources).default([]) });

const Service = z.object({
  location: z.string(),
  scaling: Scaling,
  template: z
    .array(z.object({ scaling: Scaling, containers: z.array(Container).min(1) }))
    .length(1),
});

/** USD a month of a Cloud Run v2 service's warm instances, from its values in a plan. */
export function serviceCost(values: Readonly<Record<string, unknown>>): Cost {
  const parsed = Service.safeParse(values);
  if (!parsed.success) return { unknown: 'its settings are not known before the apply' };
  const { location, scaling, template } = parsed.data;
  const rates = runRates(location);
  if (rates === undefined) return { unknown: `the price table does not know ${location}` };
  const warm = Math.max(0, ...[...scaling, ...(template[0]?.scaling ?? [])].map(minimum));
  const usage = usageText(rates);
  if (warm === 0) return { fixed: 0, usage };
  const seconds = template[0]?.containers.map((container) => perSecond(container, rates)) ?? [];
  const known = seconds.filter((usd) => usd !== undefined);
  if (known.length < seconds.length) return { unknown: 'its CPU, memory or rate is not known' };
  const usd = warm * prices.secondsPerMonth * known.reduce((total, one) => total + one, 0);
  return { fixed: usd, usage };
}

function perSecond({ resources }: z.infer<typeof Container>, rates: RunRates): number | undefined {
  const [block] = resources;
  const vcpu = vcpus(block?.limits?.['cpu'] ?? '1');
  const gib = gibibytes(block?.limits?.['memory'] ?? '512Mi');
  // Without a block the CPU sleeps between requests; in one that is silent about it, it does not.
  const idle = block === undefined || block.cpu_idle === true;
  const perVcpu = idle ? rates.idleVcpuSecond : rates.alwaysVcpuSecond;
  const perGib = idle ? rates.idleGibSecond : rates.alwaysGibSecond;
  const known = vcpu && gib && perVcpu !== undefined && perGib !== undefined;
  return known ? vcpu * perVcpu + gib * perGib : undefined;
}

function usageText(rates: RunRates): string {
  const micro = (usd: number): string => `$${(usd * 1_000_000).toFixed(2)}`;
  return `per million: ${micro(rates.activeVcpuSecond)} vCPU-seconds, ${micro(rates.activeGibSecond)} GiB-seconds, $${prices.cloudRun.millionRequests.toFixed(2)} requests`;
}

function minimum(scaling: { readonly min_instance_count: number | null }): number {
  return scaling.min_instance_count ?? 0;
}
