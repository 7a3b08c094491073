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
  return (await processImage(folder)).image;
}

/** An image for the sandbox's processes, and the files that were held back from it. */
export interface ProcessImage {
  readonly image: Image;
  readonly heldBack: readonly string[];
}

/**
 * The files of a folder with the command that starts them, without a base: no engine could start it.
 * Without `start` the command is that of service.json, and the image that of older releases.
 */
export async function processImage(folder: string, start?: ProcessStart): Promise<ProcessImage> {
  const command = start?.command ?? (await readCommand(folder));
  const { entries, heldBack } = await sourceFiles(folder);
  const tar = fixedTar(entries);
  const labels = {
    [processLabel]: 'this image has no operating system: only the sandbox can run it',
  };
  const said = start && { Env: start.env, Labels: labels };
  const config = blobOf(
    mediaTypes.config,
    json({
      architecture: 'amd64',
      os: 'linux',
      config: { ...wordsOf(command, start?.fixed), WorkingDir: '/', ...said },
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    }),
  );
  return { image: imageOf(config, [blobOf(mediaTypes.layer, storedGzip(tar))]), heldBack };
}

function wordsOf(command: readonly string[], fixed = 0) {
  if (fixed === 0) return { Cmd: command };
  return { Entrypoint: command.slice(0, fixed), Cmd: command.slice(fixed) };
}

/** How a process starts: its words, and `NAME=value` for its environment. */
export interface ProcessStart {
  readonly command: readonly string[];
  /** How many of the words are ENTRYPOINT's, where the service puts `args` in place of the others. */
  readonly fixed?: number;
  readonly env: readonly string[];
}

/** Marks an image that only a sandbox can run, as a process. */
const processLabel = 'dev.windlass.process';

async function readCommand(folder: string): Promise<readonly string[]> {
  const path = join(folder, 'service.json');
  try {
    return ServiceFile.parse(JSON.parse(await readFile(path, 'utf8'))).command;
  } catch (cause) {
    throw new Failure({
      code: 'IMAGE_WITHOUT_COMMAND',
      what: `The image of ${folder} cannot be built`,
      why: `service.json has no command to run: ${String(cause)}`,
      fix: 'Write service.json with { "command": ["python", "-m", …] } into the folder.',
      cause,
    });
  }
}
