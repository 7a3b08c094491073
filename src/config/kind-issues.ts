import { isTimeZone, nextTime, readSchedule } from '../schedule.ts';
import type { Issue } from './issue.ts';
import type { Service } from './service.ts';

/** Keys that the kind of a service has no use for, and schedules that never come. */
export function kindIssues(service: Service): readonly Issue[] {
  return [...foreignKeys(service), ...sizeIssues(service), ...scheduleIssues(service)];
}

const ofServices = {
  ...{ public: false, min: 0, max: 2, concurrency: 80, port: 8080 },
  ...{ startupPath: '/healthz', livenessPath: '/healthz' },
  ...{ timeout: undefined, ingress: undefined, ready: undefined },
} as const;
const ofJobs = ['schedule', 'timeZone', 'retries', 'taskTimeout'] as const;
const ofWorkers = ['instances', 'startup'] as const;

const insteadOf: Readonly<Record<string, string>> = {
  timeout: 'Write `taskTimeout` for a job, or remove it.',
  min: 'Write `instances` for a worker, or remove it.',
  max: 'Write `instances` for a worker, or remove it.',
  ready: 'Remove it: the smoke test runs it once before it counts.',
};

function foreignKeys(service: Service): readonly Issue[] {
  const { kind } = service;
  const keys = [
    ...(kind === 'service' ? [] : Object.entries(ofServices)).flatMap(([key, absent]) =>
      new Map<string, unknown>(Object.entries(service)).get(key) === absent ? [] : [key],
    ),
    ...(kind === 'job' ? [] : ofJobs.filter((key) => service[key] !== undefined)),
    ...(kind === 'worker' ? [] : ofWorkers.filter((key) => service[key] !== undefined)).filter(
      (key) => kind !== 'service' || key !== 'startup',
    ),
  ];
  return keys.map((key) => ({
    path: [key],
    message: `has no effect on a ${kind}: it belongs to ${ownersOf(key)}`,
    fix: kind === 'service' ? `Write \`kind: ${ownerOf(key)}\`, or remove it.` : insteadOf[key],
  }));
}

function ownerOf(key: string): string {
  return ofJobs.some((one) => one === key) ? 'job' : 'worker';
}

function ownersOf(key: string): string {
  return Object.hasOwn(ofServices, key) ? '`kind: service`' : `\`kind: ${ownerOf(key)}\``;
}

/** Both run in the second generation, which has no parts of a vCPU and at least 512Mi. */
function sizeIssues({ kind, cpu, memory }: Service): readonly Issue[] {
  if (kind === 'service') return [];
  const small = /^(\d+)Mi$/.exec(memory)?.[1];
  const why = `a ${kind} runs in Cloud Run's second generation`;
  return [
    ...(cpu < 1
      ? [{ path: ['cpu'], message: `is ${cpu}: ${why}, from 1 vCPU`, fix: 'Write `cpu: 1`.' }]
      : []),
    ...(small !== undefined && Number(small) < 512
      ? [
          {
            path: ['memory'],
            message: `is ${memory}: ${why}, from 512Mi`,
            fix: 'Write `memory: 512Mi`.',
          },
        ]
      : []),
  ];
}

function scheduleIssues({ schedule, timeZone }: Service): readonly Issue[] {
  if (schedule === undefined) {
    if (timeZone === undefined) return [];
    const fix = 'Give it a `schedule`, or remove it.';
    return [{ path: ['timeZone'], message: 'has no effect without `schedule`', fix }];
  }
  const zone = timeZone ?? 'Etc/UTC';
  if (!isTimeZone(zone)) {
    const fix = 'Write one of the tz database, such as `Europe/Berlin`.';
    return [{ path: ['timeZone'], message: `is '${zone}': no such time zone`, fix }];
  }
  const read = readSchedule(schedule);
  const fix = 'Write five fields, such as `0 3 * * *` for 3 o’clock every day.';
  if (typeof read === 'string') return [{ path: ['schedule'], message: read, fix }];
  if (nextTime(read, zone, new Date()) !== undefined) return [];
  return [{ path: ['schedule'], message: `is '${schedule}', which never comes`, fix }];
}
