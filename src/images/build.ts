import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import { fixedTar } from './fixed-tar.ts';
import { blobOf, digestOf, imageOf, json, mediaTypes } from './image.ts';
import type { Image } from './image.ts';
import { sourceFiles } from './source-files.ts';
import { storedGzip } from './stored-gzip.ts';

/** What a service's folder says about itself. */
const ServiceFile = z.object({ command: z.array(z.string()).min(1) });

/** Builds the image of a service's folder; equal folders give equal digests on every machine. */
export async function buildImage(folder: string): Promise<Image> {
  const command = await readCommand(folder);
  const tar = fixedTar(await sourceFiles(folder));
  const config = blobOf(
    mediaTypes.config,
    json({
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: command, WorkingDir: '/' },
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    }),
  );
  return imageOf(config, [blobOf(mediaTypes.layer, storedGzip(tar))]);
}

async function readCommand(folder: string): Promise<readonly string[]> {
  const path = join(folder, 'service.json');
  try {
    return ServiceFile.parse(JSON.parse(await readFile(path, 'utf8'))).command;
  } catch (cause) {
    throw new Failure({
      code: 'IMAGE_WITHOUT_COMMAND',
      what: `The image of ${folder} cannot be built`,
      why: `service.json does not name the command to run: ${String(cause)}`,
      fix: 'Write service.json with { "command": ["python", "-m", …] } into the folder.',
      cause,
    });
  }
}
