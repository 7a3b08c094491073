import { expect, it } from 'vitest';
import { isAsRecorded } from '../../src/backups/as-recorded.ts';
import { BackupManifest } from '../../src/backups/manifest.ts';
import { LedgerEntry } from '../../src/releases/ledger-entry.ts';

const manifest = BackupManifest.parse({
  ...{ version: 1, environment: 'production', project: 'demo-prod', runId: 'run' },
  ...{ at: new Date(0).toISOString(), states: [], database: null, settings: {} },
  ...{ release: null, ledgerHead: null },
});
const object = 'backups/run/manifest.json';

function entryWith(backup?: { object: string; sha256: string }): LedgerEntry {
  return LedgerEntry.parse({
    ...{ number: 1, at: new Date(0).toISOString(), runId: 'run', kind: 'deploy', actor: 'tester' },
    ...{ outcome: 'succeeded', previous: '0', hash: '1', ...(backup && { backup }) },
  });
}

it.each([
  ['is taken with the digest that the ledger recorded', [entryWith({ object, sha256: 'a' })], true],
  ['is skipped for another one', [entryWith(), entryWith({ object, sha256: 'b' })], false],
  ['is taken where the ledger says nothing of it', [entryWith()], true],
  ['is not held against another set', [entryWith({ object: 'backups/x', sha256: 'b' })], true],
])('a manifest %s', (_name, ledger, taken) => {
  expect(isAsRecorded({ stored: { object, sha256: 'a' }, manifest }, ledger)).toBe(taken);
});
