import { cp, mkdtemp, chmod, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readJob } from '../../src/gcp/jobs.ts';
import { readServices } from '../../src/gcp/run.ts';
import { readScheduling, setScheduling } from '../../src/gcp/scheduler.ts';
import { readWorkerPool } from '../../src/gcp/worker-pools.ts';
import { sql } from './losses.ts';
import { rigAt } from './rig.ts';
import type { Ended, Rig } from './rig.ts';
import { versionsAt } from './urls.ts';
import { ensureBundle } from './workflow-bundle.ts';

let rig: Rig;
const patience = { timeout: 120_000, interval: 500 };
const hourly = { timeZone: 'Europe/Brussels', paused: false };

beforeAll(async () => {
  await ensureBundle();
  const root = await mkdtemp(join(tmpdir(), 'windlass-shop-'));
  await chmod(root, 0o755);
  const without = /\/(node_modules|\.windlass)(\/|$)/;
  await cp(resolve('examples/shop'), root, {
    recursive: true,
    filter: (path) => !without.test(path),
  });
  // What `npm install` makes there.
  await symlink(resolve('node_modules'), join(root, 'node_modules'));
  rig = rigAt(root);
});

afterAll(async () => {
  await rig.close();
});

const about = (...args: string[]): Promise<Ended> => rig.windlass(...args, '-e', 'production');

async function ends(code: number, ...args: string[]): Promise<string> {
  const ended = await about(...args);
  expect(ended.exitCode, ended.all).toBe(code);
  return ended.all;
}

async function setSecret(name: string, input: string): Promise<void> {
  const main = resolve('src/cli/main.ts');
  const words = ['secrets', 'set', name, '-e', 'production'];
  await execa(process.execPath, [main, ...words], { env: rig.env, input });
}

const storefront = async () =>
  (await readServices((await rig.site()).google)).find(({ name }) => name === 'storefront')?.uri;

const columns = async () => {
  const query = `select attname from pg_attribute where attrelid = 'purchases.orders'::regclass
    and attnum > 0 and not attisdropped`;
  return (await sql(await rig.site(), query)).map((row) => Object.values(row)[0]);
};

/** The next release: another page, and a column. */
async function change(from: string, to: string): Promise<void> {
  await rig.edit('purchases/server.ts', `version = '${from}'`, `version = '${to}'`);
}

const sentBy = async () =>
  (await sql(await rig.site(), 'select sent_by from purchases.orders')).map(
    (row) => row['sent_by'],
  );

const takings = async () =>
  (await sql(await rig.site(), 'select noted_by from purchases.takings')).map(
    (row) => row['noted_by'],
  );

/** What the job and the worker run, and when. */
async function background() {
  const { google } = await rig.site();
  const [job, schedule, pool] = await Promise.all([
    readJob(google, 'takings'),
    readScheduling(google, 'takings'),
    readWorkerPool(google, 'courier'),
  ]);
  return { content: job?.content, schedule, splits: pool?.splits, instances: pool?.instances };
}

describe('a shop of services, a worker and a job that are not the first example', () => {
  it('asks for the secret that only its owner has, before anything is touched', async () => {
    await rig.windlass('sandbox', 'up');
    expect(await ends(3, 'deploy')).toContain('windlass secrets set parcels/carrier-key');
    await setSecret('parcels/carrier-key', 'of the carrier\n');
  });

  it('is deployed, and sells', async () => {
    const said = await ends(0, 'deploy');
    expect(said).not.toContain('of the carrier');
    const page = await fetch(`${await storefront()}/`);
    expect(await page.text()).toContain('A teapot, 24.50 EUR');
    const bought = await fetch(`${await storefront()}/buy?product=kettle`, { method: 'POST' });
    expect(bought.status).toBe(201);
    expect(await sql(await rig.site(), 'select product, label from purchases.orders')).toEqual([
      { product: 'kettle', label: expect.stringMatching(/^[0-9a-f]{12}$/) },
    ]);
  });

  it('has a worker that works, and a job that runs when it is due', async () => {
    await vi.waitFor(async () => expect(await sentBy()).toEqual(['1.0.0']), patience);
    const { google } = await rig.site();
    expect(await background()).toMatchObject({
      schedule: { schedule: '0 3 * * *', timeZone: 'Europe/Brussels', paused: false },
      instances: 1,
    });
    expect(await takings()).toEqual([]); // tried once, and a trial writes nothing
    await ends(0, 'drift');
    // By hand, as a tester would: the schedule itself fires in the sandbox.
    await setScheduling(google, 'takings', { ...hourly, schedule: '* * * * *' });
    await vi.waitFor(async () => expect(await takings()).toContain('1.0.0'), patience);
  });

  it('goes back where the candidate of a job fails: its template, its schedule, the worker', async () => {
    const before = await background();
    await rig.edit('takings/takings.ts', 'const sold', "throw new Error('no paper');\nconst sold");
    await rig.edit('courier/courier.ts', "version = '1.0.0'", "version = '2.0.0'");
    await rig.edit('windlass.yaml', "'0 3 * * *'", "'0 4 * * *'");
    const said = await ends(4, 'deploy');
    expect(said).toContain('takings: its candidate failed');
    expect(said).toContain('no paper');
    expect(await background()).toEqual(before);
  });

  it('promotes a new worker, a new template and a new schedule together', async () => {
    const before = await background();
    await rig.edit('takings/takings.ts', "throw new Error('no paper');\n", '');
    await rig.edit('takings/takings.ts', "version = '1.0.0'", "version = '2.0.0'");
    await ends(0, 'deploy');
    const after = await background();
    expect(after.schedule?.schedule).toBe('0 4 * * *');
    expect(after.content).not.toBe(before.content);
    expect(after.splits).not.toEqual(before.splits);
    await ends(0, 'rollback');
    const back = await background();
    // What somebody had set by hand is not what was released.
    expect(back.schedule).toMatchObject({ schedule: '0 3 * * *', paused: false });
    expect(back.content).toBe(before.content);
  });

  it('goes back as a whole where its own smoke test fails: code, schema and what was made', async () => {
    const before = await rig.fingerprint();
    await change('1.0.0', '2.0.0');
    await rig.edit('purchases/server.ts', 'product, label from', 'product from');
    await column();
    const said = await ends(4, 'deploy');
    expect(said).toMatch(/a purchase gets its label[^]*the parcel has no label/);
    expect((await rig.fingerprint()).lines).toEqual(before.lines);
    expect(await columns()).not.toContain('gift');
    expect(await versionsAt(await rig.site())).toMatchObject({ purchases: '1.0.0' });
    expect(await sql(await rig.site(), 'select from purchases.orders')).toHaveLength(1);
  });

  it('takes the mended release, and a rollback brings the one before', async () => {
    await rig.edit('purchases/server.ts', 'product from', 'product, label from');
    await ends(0, 'deploy');
    expect(await columns()).toContain('gift');
    expect(await versionsAt(await rig.site())).toMatchObject({ purchases: '2.0.0' });
    await ends(0, 'rollback');
    expect(await columns()).not.toContain('gift');
    expect(await versionsAt(await rig.site())).toMatchObject({ purchases: '1.0.0' });
    expect(await sql(await rig.site(), 'select from purchases.orders')).toHaveLength(1);
  });

  it('takes a change of both sides of a call, which the callee that serves does not understand', async () => {
    await rig.edit('purchases/server.ts', "'GET products'", "'GET goods'");
    await rig.edit('storefront/server.ts', "'/products'", "'/goods'");
    await ends(0, 'deploy');
    expect(await (await fetch(`${await storefront()}/`)).text()).toContain('A teapot, 24.50 EUR');
  });

  it('is not promoted where the new callee fails, though the one that serves does not', async () => {
    await rig.edit('purchases/server.ts', "'GET goods'", "'GET wares'");
    const said = await ends(4, 'deploy');
    expect(said).toContain('the shop is open');
    expect(await (await fetch(`${await storefront()}/`)).text()).toContain('A teapot, 24.50 EUR');
    await rig.edit('purchases/server.ts', "'GET wares'", "'GET goods'");
  });
});

async function column(): Promise<void> {
  const folder = join(rig.root, 'purchases', 'migrations');
  await writeFile(join(folder, '0004_gift.up.sql'), 'alter table orders add column gift bool;\n');
  await writeFile(join(folder, '0004_gift.down.sql'), 'alter table orders drop column gift;\n');
}
