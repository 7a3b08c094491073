import { globSync } from 'node:fs';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { dumpDatabase } from '../../src/postgres/dump.ts';
import { majorOf, requireSameMajor } from '../../src/postgres/major.ts';
import { loginOf } from './login.ts';

// A pg_dump of another major, where the machine has one: Debian keeps each in a folder of its own.
const [other] = globSync('/usr/lib/postgresql/*/bin').filter((one) => !one.includes('/17/'));

afterEach(() => vi.unstubAllEnvs());

describe('pg_dump and the server', () => {
  test('are of one major here, and of what their words say', async () => {
    await requireSameMajor(loginOf(inject('postgresUrl')));
    expect(majorOf('pg_dump (PostgreSQL) 17.10')).toBe(17);
    expect(majorOf('pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)')).toBe(15);
    expect(majorOf('pg_dump (PostgreSQL) 18beta1')).not.toBe(17);
  });

  test.skipIf(other === undefined)('of two majors are refused, and nothing is dumped', async () => {
    vi.stubEnv('WINDLASS_POSTGRES_BIN', other);
    const login = loginOf(inject('postgresUrl'));
    const refusal = { code: 'POSTGRES_MAJOR_DIFFERS', fix: expect.stringContaining('17') };
    await expect(requireSameMajor(login)).rejects.toMatchObject(refusal);
    const dump = dumpDatabase(login, {}, async () => 'nothing');
    await expect(dump).rejects.toMatchObject(refusal);
  });
});
