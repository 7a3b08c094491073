import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAccess, checkRowSecurity } from '../../src/smoke/access.ts';
import { openProject } from './project.ts';
import type { SmokeProject } from './project.ts';

let project: SmokeProject;
beforeAll(async () => {
  project = await openProject();
});
afterAll(() => project.close());

/** The site with an access file of the test's own. */
const saying = (bundledAccess: string) => ({ ...project.site, bundledAccess });

const open = `create table countries (code text);
  insert into countries values ('ch'); grant select on countries to anon, authenticated;
  revoke insert, update, delete on countries from anon, authenticated`;

test('without any service a table that everybody can read is found, by the catalog and at the door', async () => {
  await project.sql(open);
  await expect(checkRowSecurity(saying('accept: []'), project.login)).rejects.toMatchObject({
    code: 'ROWS_OPEN',
    why: expect.stringContaining('public.countries: row-security-off'),
  });
  await expect(checkAccess(saying(''), project, [])).rejects.toMatchObject({
    code: 'SMOKE_FAILED',
    why: 'select of public.countries as anon is not refused: HTTP 200',
    fix: expect.stringContaining('declare it in examples/wellness/access.yaml'),
  });
});

test('what the access file accepts and declares passes both', async () => {
  await project.sql(`drop table if exists countries; ${open}`);
  const site = saying(`tables:
  public.countries: { anon: { select: all }, authenticated: { select: all } }
accept:
  - { rule: row-security-off, object: public.countries, why: the same for everybody }`);
  expect(await checkRowSecurity(site, project.login)).toBe(
    'row security: no rule is broken, 1 exceptions accepted',
  );
  expect(await checkAccess(site, project, [])).toMatch(/1 cells allowed as declared/);
});

test('what is accepted for one object is refused for another', async () => {
  await project.sql(`drop table if exists countries; create table cities (name text)`);
  const site = saying(`accept:
  - { rule: row-security-off, object: public.countries, why: the same for everybody }`);
  await expect(checkRowSecurity(site, project.login)).rejects.toThrow('deployed database');
  await project.sql('drop table cities');
});
