import { z } from 'zod';
import { stackNames } from '../deploy.ts';
import type { Stored } from '../deploy.ts';
import { putOnce, readObject } from '../gcp/objects.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What one backup holds, each part with its digest; the manifest itself is written last. */
export const BackupManifest = z.object({
  version: z.literal(1),
  environment: z.string(),
  project: z.string(),
  runId: z.string(),
  at: z.iso.datetime(),
  states: z.array(
    z.object({
      stack: z.enum(stackNames),
      object: z.string(),
      sha256: Digest,
      keyId: z.string().optional().describe('absent: an older copy, which is not encrypted'),
      lineage: z.string(),
      serial: z.int(),
      generation: z.string(),
    }),
  ),
  database: z
    .object({
      object: z.string(),
      sha256: Digest,
      bytes: z.int(),
      keyId: z.string().describe('which key it is encrypted with'),
      fingerprint: z
        .string()
        .describe('of the snapshot that was dumped; the trial restore equals it'),
      restored: z
        .string()
        .optional()
        .describe('of the trial restore: another one where entries of the dump were refused'),
      revisions: z.record(z.string(), z.string().nullable()),
      authVersion: z.string().nullable().optional().describe('newest migration of schema auth'),
      roles: z.array(z.string()).optional().describe('that the user made'),
      content: z
        .array(
          z.object({
            table: z.string(),
            columns: z.array(z.string()),
            rows: z.string(),
            sum: z.string(),
          }),
        )
        .optional()
        .describe('rows of each table, by number and the sum of their digests'),
      leftOut: z
        .array(z.object({ what: z.string(), why: z.string(), entry: z.int().optional() }))
        .optional()
        .describe('what a restore does not bring back; `entry` is its number in the dump'),
    })
    .nullable(),
  secrets: z
    .object({
      object: z.string(),
      sha256: Digest,
      bytes: z.int(),
      keyId: z.string().describe('which key it is encrypted with'),
      ids: z.array(z.string()).describe('generated secrets whose values it holds'),
    })
    .nullable()
    .default(null),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  release: z.string().nullable(),
  ledgerHead: z.object({ number: z.int(), hash: z.string() }).nullable(),
});
export type BackupManifest = z.infer<typeof BackupManifest>;

/** Where the parts of a run's backup lie. */
export function backupFolder(runId: string): string {
  return `backups/${runId}`;
}

/** Writes the manifest, which makes the backup one; the same run again changes nothing. */
export async function writeManifest(site: Site, manifest: BackupManifest): Promise<Stored> {
  const object = `${backupFolder(manifest.runId)}/manifest.json`;
  const ref = { bucket: site.releaseBucket, name: object };
  const written = await readObject(site.google, ref);
  if (written) return { object, sha256: sha256(written) };
  const content = Buffer.from(`${JSON.stringify(BackupManifest.parse(manifest), null, 2)}\n`);
  await putOnce(site.google, ref, content);
  return { object, sha256: sha256(content) };
}
