import { z } from 'zod';
import type { DoorAnswer } from '../supabase/door.ts';
import type { Cell } from './cells.ts';

const Refusal = z.object({ code: z.string() });
const Rows = z.array(z.record(z.string(), z.unknown()));

/** What is wrong with the answer to a cell's probe; undefined where it is as declared. */
export function judgeCell(cell: Cell, { status, body }: DoorAnswer): string | undefined {
  const refused = (status === 401 || status === 403) && Refusal.safeParse(body).success;
  if (cell.allowed === undefined) {
    if (refused || status === 405 || closedByPolicy(cell, { status, body })) return undefined;
    // A function that the door cannot call by name is judged by its grants.
    if (cell.verb === 'execute' && status === 404 && !cell.open) return undefined;
    return `${said(cell)} is not refused: HTTP ${status}`;
  }
  if (status >= 300 && cell.verb !== 'execute')
    return `${said(cell)} is declared and refused: HTTP ${status}`;
  if (refused) return `${said(cell)} is declared and refused: HTTP ${status}`;
  const foreign = cell.allowed === 'own' ? foreignRows(cell, body) : 0;
  return foreign > 0 ? `${said(cell)} reads ${foreign} rows of other users` : undefined;
}

function closedByPolicy(cell: Cell, { status, body }: DoorAnswer): boolean {
  if (cell.open || cell.verb === 'execute') return false;
  return status < 300 && (cell.verb !== 'select' || (Array.isArray(body) && body.length === 0));
}

function foreignRows({ own, caller }: Cell, body: unknown): number {
  const rows = Rows.safeParse(body);
  return rows.success ? rows.data.filter((row) => row[own] !== caller.userId).length : 0;
}

function said({ caller, verb, object }: Cell): string {
  return `${verb} of ${object} as ${caller.label}`;
}
