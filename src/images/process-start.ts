import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import type { ProcessStart } from './build.ts';
import type { Dockerfile } from './dockerfile/stages.ts';
import type { Values } from './dockerfile/expand.ts';
import { startOf } from './dockerfile/start.ts';

/** Variables that mean something inside an image only. */
const ofTheImage = new Set(['PATH', 'HOME', 'USER', 'LD_LIBRARY_PATH', 'LD_PRELOAD']);

/**
 * The command of a Dockerfile as a process in the service's folder: its WORKDIR is that folder.
 * IMAGE_NEEDS_ENGINE where it starts a program that only the built image would hold.
 */
export function processStartOf(
  dockerfile: Dockerfile,
  {
    service,
    folder,
    args,
    split,
    told,
  }: {
    readonly service: string;
    readonly folder: string;
    readonly args: Values;
    /** Whether ENTRYPOINT and CMD are told apart. */
    readonly split: boolean;
    /** Whether the service starts something else: then this is not looked at. */
    readonly told: boolean;
  },
): ProcessStart {
  const { command, fixed, env, workdir } = startOf(dockerfile, args);
  const below = `${workdir.replace(/\/$/, '')}/`;
  const words = command.map((word) =>
    below !== '/' && word.startsWith(below) ? `./${word.slice(below.length)}` : word,
  );
  const [program] = words;
  if (program === undefined && !told)
    throw needsEngine(dockerfile, service, 'it has neither CMD nor ENTRYPOINT of its own');
  if (!told && program?.includes('/') && !existsSync(join(folder, program)) && !existsSync(program))
    throw needsEngine(dockerfile, service, `it starts ${program}, which the build would make`);
  const kept = Object.entries(env).filter(([name]) => !ofTheImage.has(name));
  return {
    command: words,
    ...(split && { fixed }),
    env: kept.map(([name, value]) => `${name}=${value}`),
  };
}

function needsEngine({ path }: Dockerfile, service: string, why: string): Failure {
  return new Failure({
    code: 'IMAGE_NEEDS_ENGINE',
    what: `${service} cannot run here without a container engine that can build its image`,
    why: `the sandbox would start the command of ${path} in the service's folder, but ${why}`,
    fix: 'Install podman or docker (and let it reach the registry of the base images), or write service.json with { "command": [ … ] } into the folder: how to start it without a container.',
  });
}
