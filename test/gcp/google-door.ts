import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDoor } from '../../sandbox/google/door.ts';
import { googleRoutes } from '../../sandbox/google/faces.ts';
import { declareWalls } from '../../sandbox/google/standing-walls.ts';
import { ownerToken } from '../../sandbox/google/tokens.ts';
import { openFleet } from '../../sandbox/run/fleet.ts';
import { runRoutes } from '../../sandbox/run/routes.ts';
import { openWorld } from '../../sandbox/world.ts';
import type { World } from '../../sandbox/world.ts';
import { everythingAt } from '../../src/gcp/access.ts';
import type { GoogleAccess } from '../../src/gcp/access.ts';

/** The Google faces of a fresh world on a free port, with the access of its owner. */
export interface GoogleDoor {
  readonly access: GoogleAccess;
  readonly world: World;
  /** Makes a call that no driver makes: the test's own hand on the stand-in. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export const project = 'wellness-test';

/**
 * Opens the door, with Cloud Run and its processes where asked; the caller closes it. Its usual walls are
 * down, unless the test is about them.
 */
export async function openGoogle({ run = false, walls = false } = {}): Promise<GoogleDoor> {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-gcp-'));
  const world = openWorld(folder);
  if (!walls) declareWalls(world, { apis: 'off', impersonation: 'off', ipv6: 'on' });
  const fleet = run ? await openFleet(world) : undefined;
  const routes = googleRoutes(world, fleet ? runRoutes(world, fleet) : []);
  const door = await openDoor(world, routes);
  const token = ownerToken(world);
  const access = everythingAt(door.url, {
    project,
    region: 'us-central1',
    token: async () => token,
  });
  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${door.url}${path}`, { method, headers, ...sent });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  await call('PUT', `/_sandbox/projects/${project}`);
  const close = async () => {
    await door.close();
    await fleet?.close();
    world.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { access, world, call, close };
}
