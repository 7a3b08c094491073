import type { Case } from './wrong-lines.ts';

const job = 'kind: job\n';

/** Keys of a kind that another kind has no use for, and schedules that never come. */
export const kinds: readonly Case[] = [
  ['#api', 'kind: cron', 'services.api.kind', /service.*job.*worker/, /service|job|worker/],
  ['#api', "schedule: '0 3 * * *'", 'services.api.schedule', /no effect on a service/, /kind: job/],
  ['#api', 'instances: 2', 'services.api.instances', /no effect on a service/, /kind: worker/],
  ['#api', 'retries: 2', 'services.api.retries', /no effect on a service/, /kind: job/],
  ['#api', `${job}timeout: 60`, 'services.api.timeout', /no effect on a job/, /taskTimeout/],
  ['#api', `${job}public: true`, 'services.api.public', /no effect on a job/, /again/],
  ['#api', `${job}max: 5`, 'services.api.max', /no effect on a job/, /instances/],
  ['#api', `${job}schedule: daily`, 'services.api.schedule', /1 fields, not five/, /0 3 \* \* \*/],
  ['#api', `${job}schedule: '0 25 * * *'`, 'services.api.schedule', /'25' as hour/, /0 3/],
  ['#api', `${job}schedule: '0 0 30 2 *'`, 'services.api.schedule', /never comes/, /0 3/],
  ['#api', `${job}timeZone: Etc/UTC`, 'services.api.timeZone', /without `schedule`/, /schedule/],
  [
    '#api',
    `${job}schedule: '0 3 * * *'\ntimeZone: Berlin`,
    'services.api.timeZone',
    /no such time zone/,
    /Europe\/Berlin/,
  ],
  ['#api', `${job}taskTimeout: 700000`, 'services.api.taskTimeout', /<=604800/, /604800/],
  ['#api', `${job}retries: 11`, 'services.api.retries', /<=10/, /`retries: 10` or less/],
  ['#api', `${job}memory: 256Mi`, 'services.api.memory', /second generation/, /512Mi/],
  ['#api', 'kind: worker\nport: 9000', 'services.api.port', /no effect on a worker/, /again/],
  [
    '#api',
    'kind: worker\nstartupPath: /up',
    'services.api.startupPath',
    /no effect on a worker/,
    /again/,
  ],
  ['#api', 'kind: worker\ninstances: 101', 'services.api.instances', /<=100/, /100` or less/],
];
