/** Inputs that each property gets: a few hundred in `make test`, more by `make fuzz RUNS=…`. */
export const runs = Number(process.env['WINDLASS_FUZZ_RUNS'] ?? 200);

/** The seed by which a run is done again: `make fuzz SEED=…`; absent = another one each time. */
const seed = process.env['WINDLASS_FUZZ_SEED'];

/** What fast-check is told for a property; `share` of the inputs where one of them costs more. */
export function many(share = 1) {
  const numRuns = Math.max(10, Math.round(runs * share));
  return seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) };
}
