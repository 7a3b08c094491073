import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { worldFingerprint } from '../../src/fingerprint/world.ts';
import { listObjects } from '../../src/gcp/objects.ts';
import { readServices } from '../../src/gcp/run.ts';
import { withClient } from '../../src/postgres/connect.ts';
import { readMarker } from '../../src/lease/read-lease.ts';
import { readLedger } from '../../src/releases/ledger.ts';
import { ledgerInBucket } from '../../src/releases/ledger-files.ts';
import { verifyLedger } from '../../src/releases/verify-ledger.ts';
import { databaseOf } from '../../src/site-database.ts';
import { lasting } from '../end-to-end/lasting.ts';
import type { Lane } from './lane.ts';
import { leftProcesses } from './processes.ts';

/** What an environment is, before or after a run. */
export interface Picture {
  readonly lines: readonly string[];
  readonly entries: number;
}

/** Reads what must be equal before a run and after its way back. */
export async function pictureOf(lane: Lane): Promise<Picture> {
  const site = await lane.site();
  const { lines } = await worldFingerprint(site);
  // The tree on disk declares it already, or no longer: what has no value is not there.
  const there = lines.filter((line) => !/^secret \S+ none$/.test(line));
  return { lines: lasting(there), entries: (await readLedger(site)).length };
}

/** What must not be there once a run has ended, in words; none = nothing doubled, lost or left. */
export async function residueOf(lane: Lane): Promise<readonly string[]> {
  const site = await lane.site();
  const locks = (await listObjects(site.google, site.stateBucket, '')).filter(({ name }) =>
    name.endsWith('.tflock'),
  );
  const marker = await readMarker(site);
  const services = (await readServices(site.google)).map(({ name }) => name).sort();
  const { breaks } = verifyLedger(await ledgerInBucket(site));
  const ids = (await readLedger(site)).map(({ runId }) => runId);
  return [
    ...leftProcesses(lane),
    ...locks.map(({ name }) => `lock ${name}`),
    ...(marker ? [`marker of ${marker.dirty} at ${marker.step}`] : []),
    ...(await trialDatabases(site)).map((name) => `trial database ${name}`),
    ...leftFiles(lane),
    ...breaks.map(({ name, problem }) => `ledger ${name}: ${problem}`),
    ...(new Set(ids).size === ids.length ? [] : ['a run has two ledger entries']),
    ...(services.join() === 'gateway,journal' ? [] : [`services ${services.join()}`]),
  ];
}

const Names = z.array(z.object({ datname: z.string() }));

async function trialDatabases(site: Awaited<ReturnType<Lane['site']>>): Promise<readonly string[]> {
  const admin = await databaseOf(site);
  if (!admin) return ['(there is no database)'];
  const query = "select datname from pg_database where datname like 'windlass\\_trial%'";
  const { rows } = await withClient(admin, (client) => client.query(query));
  return Names.parse(rows).map(({ datname }) => datname);
}

/** Temporary files, half-written records, and attempts that nobody makes any more. */
function leftFiles({ root, home }: Lane): readonly string[] {
  const folders = [join(root, 'tmp'), join(home, 'tmp')];
  const files = folders.flatMap((folder) =>
    entries(folder)
      .filter((name) => !/^(windlass-.*\.sock|node-compile-cache|\.s\.PGSQL)/.test(name))
      .map((name) => `file ${join(folder, name).slice(root.length + 1)}`),
  );
  const drafts = ['run', 'world', '.'].flatMap((folder) =>
    entries(join(home, folder))
      .filter((name) => /\.(json|lock)\.\d+/.test(name) && isOld(join(home, folder, name)))
      .map((name) => `draft ${folder}/${name}`),
  );
  return [...files, ...drafts];
}

/** One that is being written at this moment is nobody's leaving. */
function isOld(file: string): boolean {
  return existsSync(file) && Date.now() - statSync(file).mtimeMs > 2000;
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
