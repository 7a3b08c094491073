import { setTimeout as sleep } from 'node:timers/promises';
import type { Login } from '../postgres/connect.ts';
import type { Door, DoorAnswer } from '../supabase/door.ts';
import { probeRest } from '../supabase/rest.ts';
import type { Access } from './access-file.ts';
import { cellOf, cellsOf } from './cells.ts';
import type { Caller, Cell } from './cells.ts';
import { exposedObjects } from './exposed-objects.ts';
import { judgeCell } from './judge-cell.ts';

/** A signed-in user. */
export interface Person {
  readonly userId: string;
  readonly token: string;
}

/** What is probed, by whom, and what is declared. */
export interface Probing {
  readonly login: Login;
  readonly door: Door;
  readonly access: Access;
  readonly schemas: readonly string[];
  readonly people: readonly Person[];
}

/** What the probe found: how much it looked at, and every cell that is not as declared. */
export interface Probed {
  readonly relations: number;
  readonly routines: number;
  readonly cells: number;
  readonly allowed: number;
  readonly wrong: readonly string[];
}

/** Tries every table, view and function of the schemas as nobody and as each of the people. */
export async function probeAccess(probing: Probing): Promise<Probed> {
  const { login, door, access, schemas, people } = probing;
  const { relations, routines } = await exposedObjects(login, { schemas, own: access.own });
  // Each caller asks on its own, as they would; what one of them asks comes one after the other.
  const asked = await Promise.all(
    callersOf(people).map(async (caller) => {
      const cells = [
        ...relations.flatMap((relation) => cellsOf(access, relation, caller)),
        ...routines.map((routine) => cellOf(access, routine, caller)),
      ];
      return { cells, wrong: await wrongOf(door, cells) };
    }),
  );
  const cells = asked.flatMap((one) => one.cells);
  return {
    ...{ relations: relations.length, routines: routines.length, cells: cells.length },
    allowed: cells.filter(({ allowed }) => allowed !== undefined).length,
    wrong: asked.flatMap(({ wrong }) => wrong),
  };
}

async function wrongOf(door: Door, cells: readonly Cell[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const cell of cells) {
    const found = judgeCell(cell, await tried(door, cell));
    if (found !== undefined) wrong.push(found);
  }
  return wrong;
}

function callersOf(people: readonly Person[]): readonly Caller[] {
  const users = people.map(({ userId, token }, index): Caller => {
    const otherId = people.find((other) => other.userId !== userId)?.userId;
    const label = `user ${index + 1}`;
    return { label, role: 'authenticated', token, userId, ...(otherId && { otherId }) };
  });
  return [{ label: 'anon', role: 'anon' }, ...users];
}

/** PostgREST learns of new tables a moment after they were made; until then it answers 404. */
async function tried(door: Door, cell: Cell): Promise<DoorAnswer> {
  const looks = cell.verb === 'execute' && !cell.open ? 1 : 20;
  let answer = await probeRest(door, cell.probe);
  for (let look = 1; look < looks && answer.status === 404; look += 1) {
    await sleep(250);
    answer = await probeRest(door, cell.probe);
  }
  return answer;
}
