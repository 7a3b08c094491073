import { held } from '../held.ts';
import type { Base } from './dockerfile/bases.ts';
import type { Engine } from './engines/engine.ts';
import { ensureBase, resolveBase } from './resolve-bases.ts';
import type { ResolvedBase, WhereBases } from './resolve-bases.ts';

/** The bases of one release: each name is one digest in all of its services. */
export interface KnownBases {
  /** As resolveBase; a registry is asked once for each name. */
  readonly resolve: (base: Base, where: WhereBases) => Promise<ResolvedBase>;
  /** As ensureBase; each is fetched once. */
  readonly ensure: (base: ResolvedBase, engine: Engine) => Promise<void>;
}

/** Bases of which nothing is known yet. */
export function knownBases(): KnownBases {
  const resolved = new Map<string, Promise<ResolvedBase>>();
  const ensured = new Map<string, Promise<void>>();
  return {
    resolve: async (base, where) => {
      const known = await once(resolved, base.name, () => resolveBase(base, where));
      return { ...known, ...base };
    },
    ensure: (base, engine) => once(ensured, base.reference, () => ensureBase(base, engine)),
  };
}

function once<T>(known: Map<string, Promise<T>>, name: string, ask: () => Promise<T>): Promise<T> {
  const asked = known.get(name) ?? held(ask());
  known.set(name, asked);
  return asked;
}
