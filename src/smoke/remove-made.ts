import { setTimeout as pause } from 'node:timers/promises';
import { adminDeleteUser } from '../supabase/auth.ts';
import type { Door } from '../supabase/door.ts';
import type { Login } from '../postgres/connect.ts';
import { ask, smokeFailure } from './ask.ts';
import type { Reach } from './reach.ts';
import type { Register } from './register.ts';
import { nameOfThing } from './thing.ts';
import type { Thing } from './thing.ts';
import { userIdOf } from './user-id.ts';

/** By what a smoke test's leavings are removed. */
export interface Broom {
  readonly register: Register;
  readonly door: Door;
  readonly login: Login;
  readonly reaches: readonly Reach[];
}

/**
 * Does the work, and removes afterwards all that it has written down, also when it fails: the first
 * failure is the one to tell. What an earlier attempt of the run left goes before.
 */
export async function withMadeRemoved<T>(broom: Broom, work: () => Promise<T>): Promise<T> {
  await removeMade(broom);
  const done = await work().catch(async (error: unknown) => {
    await removeMade(broom).catch(() => undefined);
    throw error;
  });
  await removeMade(broom);
  return done;
}

/**
 * Removes all that the register holds, the newest first, each whatever became of the others. What
 * is gone is crossed out; a Failure names what stays.
 */
export async function removeMade(broom: Broom): Promise<void> {
  const stays: string[] = [];
  for (const entry of await broom.register.all()) {
    try {
      await persistently(() => remove(broom, entry.thing));
      await broom.register.crossOut(entry);
    } catch (error) {
      stays.push(`${nameOfThing(entry.thing)} (${String(error)})`);
    }
  }
  if (stays.length === 0) return;
  throw smokeFailure('The smoke test cannot remove what it made', `left: ${stays.join(', ')}`);
}

async function remove({ door, login, reaches }: Broom, thing: Thing): Promise<void> {
  if ('user' in thing) {
    const id = await userIdOf(login, thing.user);
    if (id !== undefined) await adminDeleteUser(door, id);
    return;
  }
  const reach = reaches.find(({ name }) => name === thing.service);
  if (!reach) throw new Error(`no service ${thing.service} can be asked`);
  const { method, path, headers, body } = thing;
  const { status } = await ask(reach, { method, path, headers, body });
  const gone = status < 300 || status === 404 || status === 410;
  if (!gone) throw new Error(`it answered ${status}`);
}

/** Again after pauses: the database may just have ended a service's connections. */
async function persistently(work: () => Promise<void>): Promise<void> {
  for (const wait of pausesMs) {
    try {
      return await work();
    } catch {
      await pause(wait);
    }
  }
  return work();
}

const pausesMs = [500, 2000, 5000];
