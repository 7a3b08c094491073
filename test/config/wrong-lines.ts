import { kinds } from './wrong-kinds.ts';
import { wrongWays } from './wrong-ways.ts';

/** Where a line is added. */
export type Where = '#top' | '#web' | '#api' | '#production' | '#supabase';

/** Where it is written, what, the key that must be named, why it cannot be, and the fix. */
export type Case = readonly [where: Where, added: string, key: string, why: RegExp, fix: RegExp];

const instances: readonly Case[] = [
  ['#api', 'cpu: 3', 'services.api.cpu', /is 3: .*1, 2, 4, 6 or 8/, /`cpu: 4`/],
  ['#api', 'cpu: 0.05', 'services.api.cpu', /0\.08/, /`cpu: 0\.08` or more/],
  ['#api', 'cpu: 1.5', 'services.api.cpu', /is 1\.5/, /`cpu: 2`/],
  ['#api', 'cpu: 16', 'services.api.cpu', /<=8/, /`cpu: 8` or less/],
  ['#api', 'cpu: 500m', 'services.api.cpu', /number/, /type number/],
  ['#api', 'cpu: 0.5', 'services.api.concurrency', /one request at a time/, /`concurrency: 1`/],
  [
    '#api',
    'memory: 8Gi',
    'services.api.memory',
    /is 8Gi: with 1 vCPU/,
    /`memory: 4Gi` or `cpu: 2`/,
  ],
  ['#api', 'memory: 1Gi\ncpu: 4', 'services.api.memory', /2Gi to 16Gi/, /`memory: 2Gi`/],
  ['#api', 'memory: 0Mi', 'services.api.memory', /128Mi to 4Gi/, /`memory: 128Mi`/],
  ['#api', 'memory: 64Gi', 'services.api.memory', /is 64Gi/, /`memory: 4Gi`/],
  ['#api', 'memory: 512MB', 'services.api.memory', /512Mi or 1Gi/, /512Mi or 1Gi/],
  [
    '#api',
    'memory: 1Gi\ncpu: 0.5\nconcurrency: 1\nmax: 0',
    'services.api.max',
    />=1/,
    /`max: 1` or more/,
  ],
  ['#api', 'max: 1001', 'services.api.max', /<=1000/, /`max: 1000` or less/],
  ['#api', 'min: 5', 'services.api.min', /above `max`/, /Raise `max`/],
  ['#api', 'concurrency: 2000', 'services.api.concurrency', /<=1000/, /1000` or less/],
  ['#api', 'timeout: 3601', 'services.api.timeout', /<=3600/, /`timeout: 3600` or less/],
  ['#api', 'startup: 241', 'services.api.startup', /<=240/, /`startup: 240` or less/],
  ['#api', 'port: 70000', 'services.api.port', /<=65535/, /65535` or less/],
];

const variables: readonly Case[] = [
  ['#api', "env: { PORT: '80' }", 'services.api.env.PORT', /Cloud Run sets/, /write `port`/],
  ['#api', 'env: { K_SERVICE: x }', 'services.api.env.K_SERVICE', /Cloud Run sets/, /Remove it/],
  ['#api', 'env: { X_GOOGLE_A: x }', 'services.api.env.X_GOOGLE_A', /Cloud Run sets/, /other name/],
  ['#api', 'env: { A-B: x }', 'services.api.env.A-B', /not a valid variable name/, /`A_B`/],
  ['#api', 'env: { 1A: x }', 'services.api.env.1A', /no digit first/, /`_1A`/],
  ['#api', 'env: { A: 1 }', 'services.api.env.A', /string/, /type string/],
  ['#api', 'env: { API_KEY: x }', 'services.api.env.API_KEY', /looks like a secret/, /`secrets`/],
  [
    '#web',
    'calls: [api]\nenv: { API_URL: x }',
    'services.web.env.API_URL',
    /`calls`/,
    /another name/,
  ],
];

const names: readonly Case[] = [
  ['#api', 'args: []', 'services.api.args', />=1/, /remove `args`/],
  ['#api', 'startupPath: ready', 'services.api.startupPath', /slash/, /`startupPath: \/ready`/],
  ['#api', 'livenessPath: /a b', 'services.api.livenessPath', /no space/, /`livenessPath: \/a`/],
  ['#web', 'ready: { path: up }', 'services.web.ready.path', /slash/, /`path: \/up`/],
  ['#web', 'ready: { path: /healthz }', 'services.web.ready.path', /front end/, /another path/],
  ['#web', 'ready: { path: /up, status: 999 }', 'services.web.ready.status', /599/, /599` or less/],
  ['#web', 'ready: { path: /up, body: x }', 'services.web.ready.body', /not a known key/, /json/],
  ['#web', 'ready: { status: 200 }', 'services.web.ready.path', /string/, /string/],
  ['#api', 'ready: { path: /up }', 'services.api.ready', /none `calls` it/, /Remove `ready`/],
  ['#api', 'memroy: 1Gi', 'services.api.memroy', /not a known key/, /`memory`/],
  ['#web', 'calls: [ap]', 'services.web.calls', /unknown service ap/, /`api`/],
  ['#production', 'proyect: x', 'environments.production.proyect', /not a known key/, /`project`/],
  ['#top', 'colour: red', 'colour', /not a known key/, /known here: .*services/],
  ['#api', 'secrets: { key: vault }', 'services.api.secrets.key', /./, /one of: database/],
];

const at = 'smoke.0';
const smoke: readonly Case[] = [
  ['#top', 'smoke: [{ name: a }]', at, /tests nothing/, /`command: \[...\]`/],
  ['#top', 'smoke: [{ name: a, service: web }]', at, /tests nothing/, /`service` and `path`/],
  ['#top', 'smoke: [{ name: A b, command: [x] }]', `${at}.name`, /lower-case/, /dashes/],
  ['#top', 'smoke: [{ name: a, command: [] }]', `${at}.command`, />=1/, /at least one/],
  ['#top', 'smoke: [{ name: a, comand: [x] }]', `${at}.comand`, /not a known key/, /`command`/],
  ['#top', 'smoke: [{ name: a, service: wep, path: / }]', `${at}.service`, /no such/, /`web`/],
  [
    '#top',
    'smoke: [{ name: a, service: api, path: / }]',
    `${at}.service`,
    /no one may/,
    /[Rr]emove/,
  ],
  ['#top', 'smoke: [{ name: a, service: web, path: up }]', `${at}.path`, /slash/, /`path: \/up`/],
  ['#top', 'smoke: [{ name: a, service: web, path: /healthz }]', `${at}.path`, /404/, /another/],
  [
    '#top',
    'smoke: [{ name: a, service: web, path: /, in: s }]',
    `${at}.in`,
    /no effect/,
    /[Rr]emove/,
  ],
  ['#top', 'smoke: [{ name: a, command: [x], path: / }]', `${at}.path`, /no effect/, /[Rr]emove/],
  ['#top', 'smoke: [{ name: a, command: [x], in: ../s }]', `${at}.in`, /below/, /from there/],
  [
    '#top',
    'smoke: [{ name: a, command: [x], in: smoke }]',
    `${at}.in`,
    /does not exist/,
    /Fix `in`/,
  ],
  ['#top', 'smoke: [{ name: a, command: [x], timeout: 1h }]', 'smoke', /600 s/, /Lower/],
];

const places: readonly Case[] = [
  [
    '#supabase',
    'region: us-est-1',
    'environments.production.supabase.region',
    /no such/,
    /us-east-1/,
  ],
  [
    '#production',
    "billingAccount: '12'",
    'environments.production.billingAccount',
    /hex/,
    /gcloud/,
  ],
  [
    '#production',
    'backup: { project: My Project }',
    'environments.production.backup.project',
    /6 to 30/,
    /gcloud projects list/,
  ],
  ['#top', 'migrations: { proof: staging }', 'migrations.provenBy', /not declare/, /production/],
  [
    '#top',
    'cost: { approveAbove: 200 }',
    'cost.approveAbove',
    /`refuseAbove` is 100/,
    /100` or less/,
  ],
  ['#top', 'drill: { warnAfterDays: 40 }', 'drill.warnAfterDays', /is 30/, /30` or less/],
];

const files: readonly Case[] = [
  [
    '#api',
    'source: svc/api',
    'services.api.source',
    /folder svc\/api does not exist/,
    /Fix `source`/,
  ],
  ['#top', 'access: who.yaml', 'access', /file who\.yaml does not exist/, /Fix `access`/],
  [
    '#top',
    'notify: { webhookFile: hook }',
    'notify.webhookFile',
    /hook does not exist/,
    /webhook’s URL/,
  ],
  [
    '#production',
    'backup: { keyFile: keys/backup }',
    'environments.production.backup.keyFile',
    /keys\/backup does not exist/,
    /openssl rand/,
  ],
  [
    '#supabase',
    'tokenFile: token',
    'environments.production.supabase.tokenFile',
    /token does not exist/,
    /access token/,
  ],
  [
    '#supabase',
    'databaseCaFile: ca.crt',
    'environments.production.supabase.databaseCaFile',
    /ca\.crt does not exist/,
    /Supabase dashboard/,
  ],
];

const production = 'environments.production';
const exposed = (schema: string): Case => [
  '#supabase',
  `exposedSchemas: [public, ${schema}]`,
  `${production}.supabase.exposedSchemas.1`,
  /.+/,
  /Take it out|name of one schema|one of them/,
];

const schemas: readonly Case[] = [
  ...['auth', 'storage', 'realtime', 'vault', 'extensions', 'cron', 'net', 'graphql'].map(exposed),
  ...['pg_catalog', 'pg_toast', 'information_schema', 'supabase_functions', 'pgsodium'].map(
    exposed,
  ),
  ...["'a,auth'", "''", "'my schema'", 'Public', 'public', "'a;b'"].map(exposed),
];

/** Lines that no windlass.yaml may hold. */
export const wrongLines: readonly Case[] = [
  ...[...instances, ...variables, ...names, ...kinds],
  ...[...smoke, ...places, ...files, ...schemas, ...wrongWays],
];
