import type { GoogleAccess } from '../gcp/access.ts';
import type { Base } from './dockerfile/bases.ts';
import type { Engine } from './engines/engine.ts';
import { fullReference, requireReference } from './image-reference.ts';
import { findDigest } from './registries/find-digest.ts';
import { registryDoor } from './registries/registry-door.ts';

/** A base with the digest that identifies it. */
export interface ResolvedBase extends Base {
  readonly digest: string;
  /** What the engine is told to take: by digest, or by the name under which it holds the image itself. */
  readonly reference: string;
  /** Whether the engine has it already. */
  readonly held: boolean;
}

/** A base that cannot be had, and why. */
export class BaseUnavailable extends Error {
  override readonly name = 'BaseUnavailable';
  readonly base: string;

  constructor(base: string, why: string) {
    super(why);
    this.base = base;
  }
}

/** Which Dockerfile names a base, and who may know it. */
export interface WhereBases {
  readonly file: string;
  readonly engine?: Engine;
  readonly google?: GoogleAccess;
}

/** Finds the digest of a base: its registry decides, else what the engine holds; throws BaseUnavailable. */
export async function resolveBase(base: Base, where: WhereBases): Promise<ResolvedBase> {
  const { engine, google, file } = where;
  const wanted = requireReference(base.name, file);
  const full = fullReference(wanted);
  const local = await engine?.held(full);
  if (wanted.digest !== undefined && local !== undefined)
    return { ...base, digest: wanted.digest, reference: full, held: true };
  const found = await findDigest(wanted, registryDoor(wanted.host, google));
  const pinned = (digest: string) => fullReference({ ...wanted, digest });
  if (found.digest !== undefined)
    return {
      ...{ ...base, digest: found.digest, reference: pinned(found.digest) },
      held: local === found.digest,
    };
  // Whoever builds may reach what we do not: that is found out by whoever has to fetch it.
  if (wanted.digest !== undefined && found.kind === 'away')
    return { ...base, digest: wanted.digest, reference: full, held: false };
  if (local !== undefined) return { ...base, digest: local, reference: full, held: true };
  // A registry that knows the engine and not us may still give it the image.
  if (engine && found.kind === 'refused') {
    await fetchBase(base, full, engine);
    const fetched = await engine.held(full);
    if (fetched) return { ...base, digest: fetched, reference: full, held: true };
  }
  throw new BaseUnavailable(base.name, found.why);
}

/** Has the engine fetch what it does not hold; BaseUnavailable where it cannot. */
export async function ensureBase(base: ResolvedBase, engine: Engine): Promise<void> {
  if (!base.held) await fetchBase(base, base.reference, engine);
}

async function fetchBase(base: Base, reference: string, engine: Engine): Promise<void> {
  await engine.fetch(reference).catch((error: unknown) => {
    throw new BaseUnavailable(base.name, error instanceof Error ? error.message : String(error));
  });
}
