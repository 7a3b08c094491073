import type { Environment } from '../config/environment.ts';
import type { GoogleAccess } from '../gcp/access.ts';
import type { BuildShelf } from './build-record.ts';
import type { Engine } from './engines/engine.ts';
import type { LocalBuilds } from './local-builds.ts';

/** Where and for whom images are gathered. */
export interface ImageRoom {
  readonly environment: string;
  readonly target: Environment['target'];
  /** The builds of this machine. */
  readonly local: LocalBuilds;
  /** The builds of the environment; absent where nothing may be written. */
  readonly shelf?: BuildShelf;
  /** Builds where this machine has no engine. */
  readonly elsewhere?: Engine;
  /** The door to Google's registries. */
  readonly google?: GoogleAccess;
  /** The folder of the build logs. */
  readonly logs: string;
  /** The commit of the tree, for the label of an image that is built now. */
  readonly commit?: string;
  /** Says a line to whoever waits. */
  readonly tell: (line: string) => void;
}

/** How the image of a service came about; part of the release, and the same on every machine. */
export type BuildFact =
  | { readonly kind: 'process' }
  | { readonly kind: 'container'; readonly input: string }
  | { readonly kind: 'given'; readonly image: string };
