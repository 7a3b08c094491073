import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { platforms } from '../../src/providers/lock-providers.ts';

/** Writes a folder that mirrors the registry: the google provider for each platform, as `content` says. */
export async function mirrorOf(folder: string, content: string): Promise<string> {
  const packed = join(folder, 'registry.terraform.io', 'hashicorp', 'google');
  await mkdir(packed, { recursive: true });
  for (const platform of platforms) {
    const archive = join(packed, `terraform-provider-google_7.45.0_${platform}.zip`);
    await execa('python3', ['-c', zipped, archive, `${content} for ${platform}`]);
  }
  return folder;
}

const zipped = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    archive.writestr('terraform-provider-google_v7.45.0_x5', sys.argv[2])
`;
