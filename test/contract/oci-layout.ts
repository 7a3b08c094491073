import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from 'tar';

const OCI = 'application/vnd.oci.image';
const NAME = 'org.opencontainers.image.ref.name';

/** An OCI layout with an image `one` (amd64) and an index `all` (amd64 and arm64). */
export async function writeLayout(folder: string): Promise<void> {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  const amd64 = await image(folder, 'amd64');
  const arm64 = await image(folder, 'arm64');
  const all = { schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests: [amd64, arm64] };
  const index = described(folder, `${OCI}.index.v1+json`, Buffer.from(JSON.stringify(all)));
  const manifests = [
    { ...index, annotations: { [NAME]: 'all' } },
    { ...amd64, annotations: { [NAME]: 'one' } },
  ];
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}

async function image(folder: string, architecture: string) {
  writeFileSync(join(folder, 'file'), architecture);
  const chunks: Buffer[] = [];
  for await (const chunk of create({ cwd: folder, portable: true }, ['file']))
    chunks.push(Buffer.from(chunk));
  const layer = described(folder, `${OCI}.layer.v1.tar`, Buffer.concat(chunks));
  const rootfs = { type: 'layers', diff_ids: [layer.digest] };
  const settings = { architecture, os: 'linux', config: { Cmd: ['/file'] }, rootfs };
  const history = [{ created_by: 'a test' }];
  const bytes = Buffer.from(JSON.stringify({ ...settings, history }));
  const config = described(folder, `${OCI}.config.v1+json`, bytes);
  const manifest = { schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, config };
  const whole = Buffer.from(JSON.stringify({ ...manifest, layers: [layer] }));
  const platform = { os: 'linux', architecture };
  return { ...described(folder, `${OCI}.manifest.v1+json`, whole), platform };
}

function described(folder: string, mediaType: string, bytes: Buffer) {
  const hash = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(folder, 'blobs/sha256', hash), bytes);
  return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
}
