import prices from './prices.json' with { type: 'json' };

/** The rates of one price tier of Cloud Run, in USD; a rate that we have no source for is absent. */
export interface RunRates {
  readonly regions: readonly string[];
  readonly idleVcpuSecond: number;
  readonly idleGibSecond: number;
  readonly alwaysVcpuSecond?: number;
  readonly alwaysGibSecond?: number;
  readonly activeVcpuSecond: number;
  readonly activeGibSecond: number;
}

/** The dated price table. */
export { prices };

/** The rates of a region, or undefined where the table does not know it. */
export function runRates(region: string): RunRates | undefined {
  const tiers: readonly RunRates[] = [prices.cloudRun.tier1, prices.cloudRun.tier2];
  return tiers.find((tier) => tier.regions.includes(region));
}
