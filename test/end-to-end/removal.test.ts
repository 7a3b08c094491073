import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readServices } from '../../src/gcp/run.ts';
import { readLedger } from '../../src/releases/ledger.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { sql } from './losses.ts';
import { codeWith } from './other-code.ts';
import type { Rig } from './rig.ts';
import { versionsAt } from './urls.ts';

let rig: Rig;
let whole: string;

const losses = [
  ...['service:practices', 'secret:practices-database-url', 'secret:practices-supabase'],
  'account:run-practices',
];

beforeAll(async () => {
  rig = await openDeployedRig();
  whole = await yaml();
});

afterAll(async () => {
  await rig.close();
});

const about = (...args: string[]) => rig.windlass(...args, '-e', 'production');
const yaml = () => readFile(join(rig.root, 'windlass.yaml'), 'utf8');
const write = (text: string) => writeFile(join(rig.root, 'windlass.yaml'), text);
const accepting = (names: readonly string[]) => names.flatMap((name) => ['--accept', name]);

/** Where every service answers. */
async function addresses(): Promise<Readonly<Record<string, string>>> {
  const services = await readServices((await rig.site()).google);
  return Object.fromEntries(services.map(({ name, uri }) => [name, uri]));
}

const renew = (from: string, to: string) =>
  rig.edit('examples/wellness/meals/main.py', `VERSION = "${from}"`, `VERSION = "${to}"`);

/** windlass.yaml without the service practices. */
async function withoutPractices(): Promise<void> {
  await rig.edit('windlass.yaml', 'movements, practices, users]', 'movements, users]');
  const text = await yaml();
  await write(text.replace(/^ {2}practices:\n(?: {4}.*\n)+/m, ''));
}

describe('a service that a release no longer has', () => {
  it('is not deleted unless each loss is accepted by its name', async () => {
    await withoutPractices();
    await renew('1.0.0', '2.0.0');
    const before = await rig.fingerprint();
    const refused = await about('deploy', ...accepting(losses.slice(1)));
    expect(refused.exitCode, refused.all).toBe(3);
    expect(refused.all).toContain('POINT_OF_NO_RETURN');
    for (const name of losses) expect(refused.all).toContain(`NO WAY BACK    ${name}`);
    expect(refused.all).toMatch(/fix: .*--accept service:practices$/m);
    expect((await rig.fingerprint()).lines).toEqual(before.lines);
  });

  it('goes once the traffic has moved; its data stays', async () => {
    const ended = await about('deploy', ...accepting(losses));
    expect(ended.exitCode, ended.all).toBe(0);
    const said = (text: string) => ended.all.indexOf(text);
    expect(said('promote    done')).toBeGreaterThan(0);
    expect(said('remove     begins')).toBeGreaterThan(said('promote    done'));
    expect(ended.all).toContain('kept: schema practices: its service is gone, its data stays');
    expect(Object.keys(await addresses())).not.toContain('practices');
    expect(await sql(await rig.site(), 'select id from practices.practices')).toEqual([]);
    const entry = (await readLedger(await rig.site())).at(-1);
    expect(entry?.accepted).toEqual(losses.toSorted());
  });

  it('comes back by a rollback, with what the plan says cannot return', async () => {
    const ended = await about('rollback');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toMatch(/secrets to fill:\n\s+practices-database-url/);
    await write(whole);
    await renew('2.0.0', '1.0.0');
    expect(await versionsAt(await rig.site())).toMatchObject({ practices: '1.0.0' });
    const plan = await about('plan');
    expect(plan.all).toContain('nothing to change');
  });
});

describe('a service that stays', () => {
  it('is not sent back to what was rolled back by the next deploy', async () => {
    const practices = '    source: examples/wellness/practices\n';
    await rig.edit('windlass.yaml', practices, `${practices}    memory: 1Gi\n`);
    const ended = await about('deploy');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toMatch(/traffic to move:\n\s+practices\n/);
    expect(await versionsAt(await rig.site())).toMatchObject({ meals: '1.0.0' });
  });

  it('keeps its place when it begins to call others', async () => {
    await rig.edit('windlass.yaml', 'meals, movements, practices', 'meals, practices');
    const movements = '    source: examples/wellness/movements\n';
    // Nobody calls it any more, so nobody can ask it whether it is ready.
    const held = 'secrets: [database-url, supabase]';
    const role = 'database: { role: movements_service }';
    const fields = ["revision: '${revision}'", held, role];
    const json = `{\n${fields.map((field) => `          ${field},\n`).join('')}        }`;
    await rig.edit(
      'windlass.yaml',
      `    ready:\n      path: /readyz\n      json:\n        ${json}\n`,
      '',
    );
    await rig.edit('windlass.yaml', movements, `${movements}    calls: [users]\n`);
    const ended = await about('plan');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toMatch(/update: services\["movements"\]\.cloud_run_v2_service\.this\n/);
    expect(ended.all).not.toContain('NO WAY BACK');
    const deployed = await about('deploy'); // nobody may call it now: nobody waits for an answer
    expect(deployed.exitCode, deployed.all).toBe(0);
  });

  it('is replaced in its place by no plan, whatever is accepted', async () => {
    const name = 'name                = var.name';
    const other = await codeWith(rig, {
      ...{ file: 'infra/modules/service/main.tf', from: name },
      to: `${name.slice(0, -8)}"\${var.name}-2"`,
    });
    const ended = await other.windlass('deploy', '--accept', 'service:meals', '-e', 'production');
    await other.remove();
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.all).toContain('SERVICE_REPLACED');
  });
});
