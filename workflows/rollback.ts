import { patched } from '@temporalio/workflow';
import type { DeployRequest } from '../src/deploy.ts';
import type { Report } from '../src/report.ts';
import { approval } from './approval.ts';
import { conduct } from './conduct.ts';
import { rollbackTable } from './rollback-table.ts';
import { undoingTable } from './rollback-that-undoes.ts';

/**
 * Returns an environment to its previous release, or to the one that is named. Once the traffic has
 * begun to move it never goes back: a failure or a stop ends the run as `LeftBehind`, with what was
 * reached in force, and the next rollback goes on from there.
 */
export async function rollback(request: DeployRequest): Promise<Report> {
  const rows = patched('rollback-goes-forward-only') ? rollbackTable : undoingTable;
  return conduct({ kind: 'rollback', request, rows, gate: approval() });
}
