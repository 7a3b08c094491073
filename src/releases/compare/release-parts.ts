import type { Config } from '../../config/config.ts';
import { configIn } from '../../config/services-in.ts';
import { BundledConfig, BundledImages } from '../store.ts';
import { storedJson } from '../stored-files.ts';

/** The files of a release by their path, and what those say that all of it hangs on. */
export interface ReleaseParts {
  readonly files: ReadonlyMap<string, Buffer>;
  /** `services` are those of the environment. */
  readonly config: Config;
  readonly images: Readonly<Record<string, string>>;
}

/** The parts of a release, as an environment has them. */
export function partsOf(files: ReadonlyMap<string, Buffer>, environment: string): ReleaseParts {
  const config = storedJson(files, 'windlass.json', BundledConfig);
  const images = files.has('images.json') ? storedJson(files, 'images.json', BundledImages) : {};
  return { files, config: configIn(config, environment), images };
}
