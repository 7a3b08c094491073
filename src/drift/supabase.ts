import { refusedLogins } from '../planning/refused-logins.ts';
import { deadLine, planSettings } from '../planning/plan-settings.ts';
import { withClient } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import { openRowsOf } from '../row-security/gate.ts';
import { databaseServices } from '../services.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';
import type { Found } from '../drift-finding.ts';

/** Settings, row level security and roles of the Supabase project against what the code says. */
export async function supabaseDrift(site: Site): Promise<readonly Found[]> {
  const settings = (await planSettings(site)).map((line) => ({
    ...({ source: 'supabase', what: line, owner: '`supabase` in windlass.yaml' } as const),
    next: line.startsWith('adopt') ? 'is refused until it is accepted by name' : 'sets it back',
  }));
  const login = await databaseOf(site);
  if (!login) return settings;
  return [
    ...settings,
    ...(await logins(site)),
    ...(await openRows(site, login)),
    ...(await roles(site, login)),
  ];
}

async function logins(site: Site): Promise<readonly Found[]> {
  return (await refusedLogins(site)).map((dead) => ({
    source: 'supabase',
    what: deadLine(dead),
    owner: 'the secrets step',
    next: `gives it a new ${dead.moved ? 'address' : 'password'}: \`windlass deploy -e ${site.name}\``,
  }));
}

async function openRows(site: Site, login: Login): Promise<readonly Found[]> {
  const found = await openRowsOf(site, login);
  return found
    .filter(({ level }) => level === 'error')
    .map(({ rule, object, schema, fix }) => ({
      source: 'supabase',
      what: `${object}: ${rule}`,
      owner: `the migrations of ${schema}`,
      next: `is refused until it is fixed: ${fix}`,
    }));
}

async function roles(site: Site, login: Login): Promise<readonly Found[]> {
  const { rows } = await withClient(login, (client) =>
    client.query<{ role: string; why: string }>(roleQuery, [databaseServices(site.config)]),
  );
  return rows.map(({ role, why }) => ({
    source: 'supabase',
    what: `role ${role} ${why}`,
    owner: 'the Supabase step (src/postgres/role-sql.ts)',
    next: why.includes('bypasses') ? 'leaves it: alter the role by hand' : 'sets it back',
  }));
}

const roleQuery = `
select name as role, case
    when rolname is null then 'is missing'
    when rolsuper or rolbypassrls then 'bypasses row level security'
    when rolcanlogin <> may_login then 'may ' || case when rolcanlogin then '' else 'not ' end || 'log in'
    else 'inherits the rights of others' end as why
from unnest($1::text[]) as service,
  lateral (values (service || '_owner', false), (service || '_service', true)) as wanted(name, may_login)
  left join pg_roles on rolname = name
where rolname is null or rolsuper or rolbypassrls or rolcanlogin <> may_login
  or (may_login and rolinherit)
order by 1`;
