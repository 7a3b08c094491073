import { awaitSpread } from '../gcp/await-spread.ts';
import type { Patience } from '../gcp/await-spread.ts';
import { canReadSecret } from '../gcp/iam.ts';
import type { Site } from '../site.ts';
import { secretId } from '../terraform/variables.ts';

interface Cell {
  readonly account: string;
  readonly secret: string;
}

/** Waits until every service's account can really read its secrets. */
export async function awaitPermissions(site: Site, patience: Patience): Promise<void> {
  const spreading = {
    cells: cellsOf(site),
    look: (cell: Cell, signal: AbortSignal) => canReadSecret(site.google, cell, { signal }),
    nameOf: ({ secret }: Cell) => secret,
  };
  return awaitSpread(spreading, patience);
}

function cellsOf({ config, environment }: Site): readonly Cell[] {
  return Object.entries(config.services).flatMap(([service, { secrets }]) =>
    Object.keys(secrets).map((name) => ({
      account: `run-${service}@${environment.project}.iam.gserviceaccount.com`,
      secret: secretId(service, name),
    })),
  );
}
