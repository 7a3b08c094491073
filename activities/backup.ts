import { backUpDatabase } from '../src/backups/back-up-database.ts';
import { backUpSecrets } from '../src/backups/back-up-secrets.ts';
import { backUpState } from '../src/backups/back-up-state.ts';
import { leftOutLine } from '../src/backups/not-in-backup.ts';
import { backupFolder, writeManifest } from '../src/backups/manifest.ts';
import { stackNames } from '../src/deploy.ts';
import type { Deploy } from '../src/deploy.ts';
import { Failure } from '../src/failure.ts';
import { keepContent } from '../src/fingerprint/content-before.ts';
import { keepWorld } from '../src/fingerprint/world-before.ts';
import { ownedSettings } from '../src/owned-settings.ts';
import { asReleased } from '../src/releases/as-released.ts';
import type { Picture } from '../src/postgres/picture.ts';
import { refuseDirty } from '../src/lease/refuse-dirty.ts';
import type { LedgerEntry } from '../src/releases/ledger-entry.ts';
import { readLedger } from '../src/releases/ledger.ts';
import { standingOf } from '../src/releases/standing.ts';
import type { Site } from '../src/site.ts';
import { readSettings } from '../src/supabase/auth-settings.ts';
import { findProject } from '../src/supabase/project.ts';
import type { Work } from './edge.ts';

/** State of each stack, database, settings and ledger head: written once, proven by a restore. */
export async function backUp(d: Deploy, { site, signal, beat }: Work): Promise<Partial<Deploy>> {
  const folder = backupFolder(d.runId);
  const ledger = await readLedger(site);
  const standing = standingOf(ledger);
  // An undo is held against what was there before; a first deploy's takes away what it made.
  const measures = d.plan && d.previous && !d.target;
  beat('copying the states');
  // Of the release in force: that of this run may lie in another region.
  const at = standing ? await asReleased(site, standing.release) : site;
  const [states, worldBefore] = await Promise.all([
    Promise.all(stackNames.map((stack) => backUpState(at, stack, folder))),
    measures ? keepWorld(site, d.runId) : undefined,
  ]);
  const onPicture = (picture: Picture) => keepContent(site, d.runId, picture);
  const asked = { runId: d.runId, folder, signal, beat, ...(measures && { onPicture }) };
  const database = await backUpDatabase(site, asked);
  const secrets = await backUpSecrets(site, folder);
  await refuseMoved(site, d, ledger);
  const head = ledger.at(-1);
  const backup = await writeManifest(site, {
    version: 1,
    environment: site.name,
    project: site.environment.project,
    runId: d.runId,
    at: new Date().toISOString(),
    states: states.flatMap((state) => state ?? []),
    database,
    secrets,
    settings: await settingsNow(site),
    release: standing?.release.id ?? null,
    ledgerHead: head ? { number: head.number, hash: head.hash } : null,
  });
  const leftOut = (database?.leftOut ?? []).map(leftOutLine);
  return {
    backup,
    ...(worldBefore && { worldBefore }),
    ...(leftOut.length > 0 && { leftOut }),
  };
}

/** Parts that were taken while a run went on do not belong together. */
async function refuseMoved(
  site: Site,
  { runId, unfinished }: Deploy,
  before: readonly LedgerEntry[],
): Promise<void> {
  await refuseDirty(site, runId, unfinished?.runId);
  if ((await readLedger(site)).at(-1)?.hash === before.at(-1)?.hash) return;
  throw new Failure({
    code: 'ENVIRONMENT_MOVED',
    what: `${site.name} changed during the backup`,
    why: 'the ledger has a new entry',
    fix: 'No action needed: it is retried.',
    class: 'retry',
  });
}

async function settingsNow(site: Site) {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project) return {};
  const fields = Object.keys(ownedSettings(site));
  return readSettings(site.supabase, { ref: project.ref, fields });
}
