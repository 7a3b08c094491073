import pg from 'pg';

/** The settings of the database itself, such as its search path, as `alter database … set` takes them. */
export async function databaseSettings(client: pg.ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ setting: string }>(query);
  return rows.map(({ setting }) => {
    const at = setting.indexOf('=');
    const [name, value] = [setting.slice(0, at), setting.slice(at + 1)];
    // Postgres keeps a list with its quotes; as one literal it would be one name.
    const text = lists.has(name) ? value || `''` : pg.escapeLiteral(value);
    return `${name} = ${text}`;
  });
}

const query = `
select unnest(setconfig) as setting from pg_db_role_setting join pg_database d on d.oid = setdatabase
where setrole = 0 and datname = current_database()`;

const lists = new Set(['search_path', 'temp_tablespaces', 'local_preload_libraries']);
