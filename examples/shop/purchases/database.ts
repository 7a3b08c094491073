// The schema `purchases`, reached as its own role.

import { readFileSync } from 'node:fs';
import pg from 'pg';

/** A value that is mounted, as windlass.yaml names it. */
function secret(name: string): string {
  const folder = process.env['SECRETS_DIR'] ?? '/secrets';
  return readFileSync(`${folder}/${name}/value`, 'utf8').trim();
}

/** As many connections as windlass.yaml counts for us. */
export function openPool(): pg.Pool {
  const url = new URL(secret('database-url'));
  const wanted = url.searchParams.get('sslmode');
  url.search = '';
  const pool = new pg.Pool({
    connectionString: url.href,
    max: Number(process.env['DATABASE_POOL'] ?? 4),
    ssl: wanted === 'prefer' ? false : { ...authority(), host: url.hostname },
  });
  pool.on('error', (error) => console.error(error.message)); // an idle connection was ended
  return pool;
}

/** Of whoever signed the database's certificate; without its file nothing is verified but that we encrypt. */
function authority() {
  const file = process.env['PGSSLROOTCERT'];
  return file === undefined ? { rejectUnauthorized: false } : { ca: readFileSync(file, 'utf8') };
}
