import { z } from 'zod';
import type { Image } from './image.ts';

/** What is kept of a build, under the digest of its inputs: which image they gave, once and for all. */
export const BuildRecord = z.object({
  version: z.literal(1),
  input: z.string(),
  manifest: z.string(),
  builder: z.string(),
  /** The first commit that was built so, with `-dirty` where the tree had changes; absent = no git. */
  commit: z.string().optional(),
  /** The digest of every base image, by its name in the Dockerfile. */
  bases: z.record(z.string(), z.string()),
  /** What the builder says of how it came about, in the builder's own form. */
  provenance: z.unknown().optional(),
});
export type BuildRecord = Readonly<z.infer<typeof BuildRecord>>;

/** Where builds are looked up and kept. */
export interface BuildShelf {
  /** The record of these inputs, where its image can be had as well. */
  find(input: string): Promise<BuildRecord | undefined>;
  /** Keeps image and record, once; answers the record that is valid, which may be another's. */
  keep(record: BuildRecord, image: Image): Promise<BuildRecord>;
}
