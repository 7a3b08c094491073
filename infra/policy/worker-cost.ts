import { z } from 'zod';
import type { Cost } from './cost.ts';
import { prices, runRates } from './prices.ts';
import { gibibytes, vcpus } from './quantities.ts';

const Limits = z.record(z.string(), z.string()).nullable().default(null);
const Pool = z.object({
  location: z.string(),
  template: z
    .array(
      z.object({
        containers: z.array(
          z.object({ resources: z.array(z.object({ limits: Limits })).default([]) }),
        ),
      }),
    )
    .length(1),
});

/** USD a month of a worker pool, all of whose instances run around the clock. */
export function workerCost(values: Readonly<Record<string, unknown>>, instances: number): Cost {
  const parsed = Pool.safeParse(values);
  if (!parsed.success) return { unknown: 'its settings are not known before the apply' };
  const { location, template } = parsed.data;
  const { alwaysVcpuSecond: perVcpu, alwaysGibSecond: perGib } = runRates(location) ?? {};
  const limits = template[0]?.containers[0]?.resources[0]?.limits;
  const cpu = vcpus(limits?.['cpu'] ?? '1');
  const memory = gibibytes(limits?.['memory'] ?? '512Mi');
  if (perVcpu === undefined || perGib === undefined || !cpu || !memory)
    return { unknown: `the price table does not know instances that always run in ${location}` };
  return { fixed: instances * prices.secondsPerMonth * (cpu * perVcpu + memory * perGib) };
}
