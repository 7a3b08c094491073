/** Regions in which a project can be made. */
export const regions = [
  ...(['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ap-east-1'] as const),
  ...(['ap-southeast-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-southeast-2'] as const),
  ...(['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1', 'eu-central-1'] as const),
  ...(['eu-central-2', 'ca-central-1', 'ap-south-1', 'sa-east-1'] as const),
] as const;

/** The region that each smart group comes to here. */
export const smartRegions = {
  americas: 'us-east-1',
  emea: 'eu-west-1',
  apac: 'ap-southeast-1',
} as const;

/** The answer of `available-regions`. */
export function availableRegions(): Record<string, unknown> {
  const specific = regions.map((code) => ({ name: code, code, type: 'specific', provider: 'AWS' }));
  const groups = Object.keys(smartRegions).map((code) => ({
    name: code,
    code,
    type: 'smartGroup',
  }));
  return {
    recommendations: { smartGroup: groups[0], specific: specific.slice(0, 1) },
    all: { smartGroup: groups, specific },
  };
}
