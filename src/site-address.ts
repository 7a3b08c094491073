import type { Stored } from './deploy.ts';

/** Where an environment's releases, ledger and code lie, as a caller knows it: facts, no secret. */
export interface ShelfAddress {
  readonly target: 'sandbox' | 'cloud';
  /** The Google project. */
  readonly project: string;
  readonly region: string;
  /** The bucket of releases and ledger. */
  readonly bucket: string;
}

/**
 * That, and by which rules a run works in the environment. With it a worker needs neither a tree nor
 * a windlass.yaml.
 */
export interface SiteAddress extends ShelfAddress {
  /** The caller's windlass.yaml as it lies in that bucket. */
  readonly config?: Stored;
  /** The windlass.yaml of the release in force decides, where there is one: nobody's tree does. */
  readonly standing?: true;
}
