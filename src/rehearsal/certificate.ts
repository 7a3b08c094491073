import { z } from 'zod';
import { Failure } from '../failure.ts';
import { replaceObject } from '../gcp/object-changes.ts';
import { readObject, statObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { LoadSeen } from './load.ts';
import { Kind, Moment } from './planted.ts';
import { readStored } from '../stored-json.ts';

/** What became of one case of a rehearsal. */
export const Rehearsed = z.object({
  name: z.string(),
  cells: z.array(z.object({ step: z.string(), when: Moment, class: Kind })),
  /** Whether every planted failure struck, each run ended as it must, and the world is as before. */
  passed: z.boolean(),
  seconds: z.number(),
  remark: z.string(),
  /** Users of the database while it was played. */
  load: LoadSeen.optional(),
});
export type Rehearsed = z.infer<typeof Rehearsed>;

/** The proof that a release winds back, by its id. */
export const Certificate = z.object({
  version: z.literal(1),
  release: z.string(),
  environment: z.string(),
  form: z.enum(['full', 'short']),
  at: z.iso.datetime(),
  seconds: z.number(),
  passed: z.boolean(),
  cases: z.array(Rehearsed),
});
export type Certificate = z.infer<typeof Certificate>;

/** Writes the certificate of a release; a newer one replaces it, but a short one no full one. */
export async function writeCertificate(site: Site, certificate: Certificate): Promise<string> {
  const ref = refOf(site, certificate.release);
  const known = await readCertificate(site, certificate.release);
  const enough = known?.form === 'full' && known.passed;
  if (enough && certificate.passed && certificate.form === 'short') return ref.name;
  const generation = (await statObject(site.google, ref))?.generation ?? '0';
  const content = Buffer.from(`${JSON.stringify(certificate, null, 2)}\n`);
  await replaceObject(site.google, { ...ref, generation }, content);
  return ref.name;
}

/** Throws REHEARSAL_MISSING unless exactly this release was rehearsed and every case passed. */
export async function requireRehearsal(site: Site, release: string): Promise<void> {
  const certificate = await readCertificate(site, release);
  if (certificate && proves(certificate, site.name, release)) return;
  const failed = certificate?.cases.filter(({ passed }) => !passed).map(({ name }) => name) ?? [];
  throw new Failure({
    code: 'REHEARSAL_MISSING',
    what: `The release ${release} has no certificate of a rehearsal`,
    why: certificate
      ? whyNot(certificate, failed)
      : 'this release was not rehearsed, and --require-rehearsal was given',
    fix: `Run \`windlass rehearse -e ${site.name}\`, then deploy again.`,
  });
}

/** A certificate that lies under another release's name, or that its cases belie, proves nothing. */
function proves(
  { release, environment, passed, cases }: Certificate,
  name: string,
  wanted: string,
): boolean {
  const own = release === wanted && environment === name;
  return own && passed && cases.length > 0 && cases.every((one) => one.passed);
}

function whyNot({ release, environment }: Certificate, failed: readonly string[]): string {
  return failed.length > 0
    ? `its rehearsal failed: ${failed.join(', ')}`
    : `the certificate there is of ${release} in ${environment}`;
}

async function readCertificate(site: Site, release: string): Promise<Certificate | undefined> {
  const ref = refOf(site, release);
  const content = await readObject(site.google, ref);
  const what = `The certificate of ${release}`;
  const fix = 'Rehearse again: `make rehearse`.';
  const where = `gs://${ref.bucket}/${ref.name}`;
  return content && readStored(content, { schema: Certificate, what, where, fix });
}

function refOf(site: Site, release: string) {
  return { bucket: site.releaseBucket, name: `rehearsals/${release}.json` };
}
