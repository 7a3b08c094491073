import type { Waiting } from './access.ts';
import { callDoor } from './door.ts';
import type { Door, DoorAnswer } from './door.ts';

/** One look at a table, view or function through PostgREST; without a token as `anon`. */
export interface RestProbe {
  readonly schema: string;
  readonly path: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly as?: 'anon' | 'service_role';
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks PostgREST and gives its answer whatever it is: a denial is a finding, not an error. */
export async function probeRest(
  door: Door,
  probe: RestProbe,
  waiting: Waiting = {},
): Promise<DoorAnswer> {
  const { schema, path, ...rest } = probe;
  const headers = { 'accept-profile': schema, 'content-profile': schema, ...probe.headers };
  return callDoor(door, { ...rest, path: `/rest/v1/${path}`, headers }, waiting);
}
