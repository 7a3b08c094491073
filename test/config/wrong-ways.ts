import type { Case } from './wrong-lines.ts';

const production = 'environments.production';

const outside = (key: string): Case => [
  '#api',
  `${key}: ../elsewhere`,
  `services.api.${key}`,
  /leads out of the project/,
  /below the folder of windlass\.yaml/,
];

const revisions = (path: string): Case => [
  '#web',
  `migrations: { tool: sql, path: ${path} }`,
  'services.web.migrations.path',
  /leads out of the project/,
  /below the folder of windlass\.yaml/,
];

const program = (rest: string, key: string, why: RegExp, fix: RegExp): Case => [
  '#web',
  `migrations: { tool: command, path: db, ${rest} }`,
  `services.web.migrations.${key}`,
  why,
  fix,
];

/** Paths that lead out of the project, and figures out of their bounds. */
export const wrongWays: readonly Case[] = [
  ...['source'].map(outside),
  ...['../sql', '/srv/sql', 'a/../../sql'].map(revisions),
  program('down: [x]', 'up', /array/, /./),
  program('up: []', 'up', />=1/, /./),
  program('up: migrate', 'up', /array/, /./),
  program('up: [x], table: a.b', 'table', /name of a table/, /./),
  program('up: [x], timeout: soon', 'timeout', /./, /./),
  program('up: [x], downs: [y]', 'downs', /./, /down/),
  program("up: [x, 'postgres://a:b@c/d']", 'up.1', /looks like a secret/, /DATABASE_URL/),
  ['#web', 'migrations: { tool: rails }', 'services.web.migrations.tool', /sql and command/, /./],
  ['#web', 'migrations: { path: x }', 'services.web.migrations.tool', /sql and command/, /./],
  ['#top', 'access: ../who.yaml', 'access', /leads out/, /below/],
  ['#top', 'access: /etc/passwd', 'access', /leads out/, /below/],
  ['#top', "access: ''", 'access', /names nothing/, /below/],
  ['#top', 'access: a/../../who.yaml', 'access', /leads out/, /below/],
  ['#top', 'notify: { webhookFile: ../hook }', 'notify.webhookFile', /leads out/, /absolute/],
  ['#production', 'backup: { keyFile: ../k }', `${production}.backup.keyFile`, /out/, /absolute/],
  ['#supabase', 'tokenFile: ../t', `${production}.supabase.tokenFile`, /leads out/, /absolute/],
  ['#supabase', 'databaseCaFile: ../c', `${production}.supabase.databaseCaFile`, /out/, /absolute/],
  ['#top', 'approval: { patience: 999999999d }', 'approval.patience', /365d/, /./],
  ['#top', 'sandbox: { apiPort: 0 }', 'sandbox.apiPort', />=1/, /or more/],
  ['#top', 'sandbox: { uiPort: 70000 }', 'sandbox.uiPort', /<=65535/, /or less/],
  ['#top', 'cost: { approveAbove: -1 }', 'cost.approveAbove', />=0/, /or more/],
];
