import type { FoundService } from './find-services.ts';

/** What only the user can say of a new project. */
export interface Wishes {
  readonly name: string;
  readonly region: string;
  /** The Google project and the Supabase organization of production. */
  readonly project: string;
  readonly organization: string;
}

/** The windlass.yaml of a new project, with what may be added as comments. */
export function firstConfig(
  wishes: Wishes,
  services: readonly FoundService[],
  schema?: string,
): string {
  return [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    `# What Windlass deploys, and where. All paths begin at this file's folder.`,
    `name: ${wishes.name}`,
    `region: ${wishes.region}`,
    '',
    ...servicesOf(services),
    '',
    ...environmentOf(wishes),
    '',
  ].join('\n');
}

const about = `# A service is a folder with a Dockerfile. It listens on $PORT, and answers \`startupPath\` with 200
# once it can serve. Its secrets are files: $SECRETS_DIR/NAME/value.`;

const example = `services: {}
#  web:
#    source: web               # the folder web, with its Dockerfile
#    public: true              # everybody may call it
#    calls: [api]              # finds it by $API_URL
#  api:
#    source: api
#    memory: 512Mi`;

function servicesOf(services: readonly FoundService[]): readonly string[] {
  if (services.length === 0) return [about, example];
  const front = frontOf(services);
  return [about, 'services:', ...services.flatMap((one) => serviceOf(one, services, front))];
}

function serviceOf(
  { name, source, port, migrations, sql }: FoundService,
  all: readonly FoundService[],
  front: string | undefined,
): readonly string[] {
  const others = all.filter((one) => one.name !== front).map((one) => one.name);
  const calls = `    calls: [${others.join(', ')}] # finds each by its URL in NAME_URL`;
  return [
    `  ${name}:`,
    `    source: ${JSON.stringify(source)}`,
    ...(name === front
      ? ['    public: true # everybody may call it; the others only who `calls`']
      : []),
    ...(name === front && others.length > 0 ? [calls] : []),
    ...(port === undefined
      ? []
      : [`    port: ${port} # as its Dockerfile exposes; given as $PORT`]),
    '    # startupPath: /healthz',
    '    # memory: 512Mi',
    ...(migrations
      ? [
          sql
            ? '    migrations: { tool: sql } # its files, in order'
            : '    migrations: true # its Alembic revisions',
          '    secrets: { database-url: database }',
        ]
      : ['    # secrets: { api-key: generated }']),
  ];
}

const frontNames = ['web', 'www', 'gateway', 'frontend', 'app', 'site', 'ui', 'proxy'];

/** Which service most likely faces the users. */
function frontOf(services: readonly FoundService[]): string | undefined {
  const names = services.map(({ name }) => name);
  return frontNames.find((one) => names.includes(one)) ?? names[0];
}

function environmentOf({ name, project, organization }: Wishes): readonly string[] {
  return [
    'environments:',
    '  production:',
    '    target: sandbox # on this machine alone; `cloud` deploys into the projects below',
    `    project: ${project} # the id of a Google project`,
    '    # billingAccount: 000000-000000-000000 # with it and budgetEmail there is a budget',
    '    # budgetEmail: you@example.com',
    '    supabase:',
    `      organization: ${organization} # the slug of a Supabase organization`,
    `      project: ${project}`,
    '      settings:',
    '        jwt_exp: 3600 # seconds that a sign-in lasts',
    '        mailer_autoconfirm: false',
    `        site_url: https://${name}.example.com`,
    `        uri_allow_list: https://${name}.example.com/**`,
  ];
}
