/**
 * What Cloud Run takes and what it refuses: the one table, read by the check of windlass.yaml and
 * by its schema (the sandbox has its own, in Cloud Run's words). Source: cloud.google.com/run/docs, read on 2026-11-29: "Configure
 * CPU limits", "Configure memory limits", "Maximum instances", "Maximum concurrent requests",
 * "Request timeout", "Container health checks", "Environment variables", "Container contract".
 */
export const runLimits = {
  cpu: {
    /** Whole vCPU, with the memory in MiB that each takes. */
    whole: [
      { cpu: 1, least: 128, most: 4096 },
      { cpu: 2, least: 128, most: 8192 },
      { cpu: 4, least: 2048, most: 16_384 },
      { cpu: 6, least: 4096, most: 24_576 },
      { cpu: 8, least: 4096, most: 32_768 },
    ],
    /** Parts of one vCPU from this on, in steps of a thousandth, with what memory they admit. */
    parts: [
      { cpu: 0.08, least: 128, most: 512 },
      { cpu: 0.5, least: 128, most: 1024 },
    ],
    /** Requests at once that an instance takes whose vCPU is a part. */
    concurrencyOfParts: 1,
  },
  instances: 1000,
  concurrency: 1000,
  timeoutSeconds: 3600,
  /** Of a job's task: "Set task timeout for jobs", "Set max retries"; of a worker pool: "Manual scaling". */
  taskSeconds: 604_800,
  retries: 10,
  workers: 100,
  /** A startup probe's attempts times its period. */
  startupSeconds: 240,
  variables: 1000,
  variableBytes: 32_768,
  /** A label of the Domain Name System: what the address of a service begins with. */
  hostLabel: 63,
  /** Variables that Cloud Run sets itself. */
  reservedVariables: [
    ...['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION'],
    ...['CLOUD_RUN_JOB', 'CLOUD_RUN_EXECUTION', 'CLOUD_RUN_TASK_INDEX'],
    ...['CLOUD_RUN_TASK_ATTEMPT', 'CLOUD_RUN_TASK_COUNT'],
    ...['CLOUD_RUN_WORKER_POOL', 'CLOUD_RUN_WORKER_POOL_REVISION'],
  ],
  reservedPrefix: 'X_GOOGLE_',
} as const;

/** Where Cloud Run is (cloud.google.com/run/docs/locations, read on 2026-11-29). */
export const runRegions: readonly string[] = [
  ...['africa-south1', 'asia-east1', 'asia-east2', 'asia-northeast1', 'asia-northeast2'],
  ...['asia-northeast3', 'asia-south1', 'asia-south2', 'asia-southeast1', 'asia-southeast2'],
  ...['asia-southeast3', 'australia-southeast1', 'australia-southeast2', 'europe-central2'],
  ...['europe-north1', 'europe-north2', 'europe-southwest1', 'europe-west1', 'europe-west2'],
  ...['europe-west3', 'europe-west4', 'europe-west6', 'europe-west8', 'europe-west9'],
  ...['europe-west10', 'europe-west12', 'me-central1', 'me-central2', 'me-west1'],
  ...['northamerica-northeast1', 'northamerica-northeast2', 'northamerica-south1'],
  ...['southamerica-east1', 'southamerica-west1', 'us-central1', 'us-east1', 'us-east4'],
  ...['us-east5', 'us-south1', 'us-west1', 'us-west2', 'us-west3', 'us-west4'],
];

/** The memory of an instance in MiB; undefined where it is not written as 512Mi or 1Gi. */
export function mebibytes(memory: string): number | undefined {
  const [, number, unit] = /^(\d+)(Mi|Gi)$/.exec(memory) ?? [];
  return number === undefined ? undefined : Number(number) * (unit === 'Gi' ? 1024 : 1);
}
