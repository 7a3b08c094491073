import type { Values } from '../dockerfile/expand.ts';

/** What an engine is asked to build; every path is absolute. */
export interface EngineBuild {
  readonly context: string;
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly args: Values;
  readonly labels: Values;
  /** A name under which the engine keeps the image, so that its cache serves the next build. */
  readonly keptAs: string;
  /** Where the OCI archive shall be written. */
  readonly archive: string;
  /** Where all that the engine says goes. */
  readonly log: string;
}

/** A program on this machine that builds images for linux/amd64. */
export interface Engine {
  readonly name: string;
  /** The digest of an image that the engine holds; undefined where it has none of that name. */
  held(reference: string): Promise<string | undefined>;
  /** Fetches an image; rejects with the engine's words where it cannot. */
  fetch(reference: string): Promise<void>;
  /** Builds; BUILD_FAILED ends with the last lines of the log. Answers the provenance, where there is any. */
  build(asked: EngineBuild): Promise<unknown>;
}

/** The options that all engines have in common. */
export function buildOptions({ dockerfile, target, args, labels }: EngineBuild): readonly string[] {
  return [
    ...['--platform', 'linux/amd64', '--file', dockerfile],
    ...(target === undefined ? [] : ['--target', target]),
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
  ];
}
