import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { BackupManifest } from '../../src/backups/manifest.ts';
import { Config } from '../../src/config/config.ts';
import { parseYaml } from '../../src/config/parse-yaml.ts';
import { configOf } from '../../src/config/read-config.ts';
import { LedgerEntry, beginning, hashOf } from '../../src/releases/ledger-entry.ts';
import { parsedMarker } from '../../src/releases/environment-marker.ts';
import { verifiedEntry, verifyLedger } from '../../src/releases/verify-ledger.ts';
import { readStored } from '../../src/stored-json.ts';
import { parsePlanJson } from '../../src/terraform/plan-json.ts';
import { progressOf } from '../../src/terraform/progress.ts';
import { readStream } from '../../src/terraform/stream.ts';
import { summarizePlan } from '../../src/terraform/summary.ts';
import { anyJson, nearly, nearlyBody, nearlyJson } from './inputs.ts';
import { judged } from './judge.ts';
import { many, runs } from './runs.ts';

const minutes = 60_000 + runs * 300;
const written = readFileSync('windlass.yaml', 'utf8');
const sound = parseYaml(written).value;

/** A configuration that was taken says the same once it is stored and read again. */
async function read(text: string): Promise<void> {
  const config = await judged(() => configOf(text));
  if (config) expect(Config.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
}

it('windlass.yaml: any text is read, or refused by code and fix', { timeout: minutes }, () =>
  fc.assert(fc.asyncProperty(nearly(written), read), many(0.5)),
);

it('windlass.yaml: any value at any key likewise', { timeout: minutes }, () =>
  fc.assert(
    fc.asyncProperty(
      nearlyJson(sound).map((value) => stringify(value)),
      read,
    ),
    many(0.5),
  ),
);

it('windlass.yaml: any bytes likewise', { timeout: minutes }, () =>
  fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), read), many()),
);

const change = {
  address: 'google_secret.a',
  mode: 'managed',
  type: 'google_secret',
  name: 'a',
  change: { actions: ['update'], before: { a: 1 }, after: { a: 2 }, after_unknown: {} },
};
const plan = { format_version: '1.2', complete: true, errored: false, resource_changes: [change] };

const about = { stack: '10-foundation', sha256: '', fixedMonthlyUsd: 0 } as const;

it('a plan’s JSON', { timeout: minutes }, () =>
  fc.assert(
    fc.asyncProperty(nearlyBody(plan), async (text) => {
      await judged(() => summarizePlan(parsePlanJson(text), about));
    }),
    many(),
  ),
);

const event = {
  '@level': 'info',
  '@message': 'a: Creating...',
  type: 'apply_start',
  hook: { resource: { addr: 'a', resource_type: 'b' }, action: 'create', elapsed_seconds: 1 },
  diagnostic: { severity: 'error', summary: 's', detail: 'd', address: 'a' },
};

it('Terraform’s events: no line is dropped, none ends the reading', { timeout: minutes }, () =>
  fc.assert(
    fc.asyncProperty(nearlyBody(event), async (text) => {
      const reading = await judged(() => readStream(text));
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      expect(reading?.events).toHaveLength(lines.length);
      for (const one of reading?.events ?? []) progressOf(one);
    }),
    many(),
  ),
);

const body = {
  number: 1,
  at: '2026-01-01T00:00:00.000Z',
  runId: 'r',
  kind: 'deploy',
  actor: 'ana',
  outcome: 'succeeded',
  acts: [{ act: 'start', by: 'ana', how: 'os-user', reason: 'why' }],
  previous: beginning,
};
const entry = { ...body, hash: hashOf(body) };

it('a ledger entry: it is the one that was written, or it is named', { timeout: minutes }, () =>
  fc.assert(
    fc.asyncProperty(nearlyBody(entry), async (text) => {
      const file = { name: '000001.json', text };
      const found = await judged(() => verifyLedger([file]));
      const kept = verifiedEntry(file);
      expect(found?.breaks.length === 0).toBe(kept !== undefined);
      if (kept) expect(kept.hash).toBe(hashOf(withoutHash(JSON.parse(text))));
      await judged(() => readStored(text, { schema: LedgerEntry, what: 'An entry', where: 'x' }));
    }),
    many(),
  ),
);

function withoutHash(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'hash'));
}

const marker = {
  version: 2,
  dirty: 'run',
  kind: 'deploy',
  actor: 'ana',
  since: '2026-01-01T00:00:00.000Z',
  step: 'migrate',
  steps: ['migrate'],
  receipts: {},
};

it('a lease: a newer one is called newer, a damaged one damaged', { timeout: minutes }, () =>
  fc.assert(
    fc.asyncProperty(nearlyBody(marker), async (text) => {
      const understood = await judged(() =>
        parsedMarker({ name: 'production' }, Buffer.from(text)),
      );
      if (understood) expect(understood.version).toBeLessThanOrEqual(2);
    }),
    many(),
  ),
);

const manifest = {
  version: 1,
  runId: 'r',
  at: '2026-01-01T00:00:00.000Z',
  release: 'r-1',
  states: [],
  database: null,
};

it('a backup’s manifest', { timeout: minutes }, () =>
  fc.assert(
    fc.asyncProperty(nearlyBody(manifest), async (text) => {
      await judged(() => readStored(text, { schema: BackupManifest, what: 'It', where: 'x' }));
    }),
    many(),
  ),
);

it('anything that JSON can say is no record of ours', { timeout: minutes }, () =>
  fc.assert(
    fc.asyncProperty(anyJson, async (value) => {
      const text = JSON.stringify(value);
      const at = { what: 'It', where: 'x' };
      expect(await judged(() => readStored(text, { schema: BackupManifest, ...at }))).toBe(
        undefined,
      );
      expect(await judged(() => readStored(text, { schema: LedgerEntry, ...at }))).toBe(undefined);
    }),
    many(),
  ),
);
