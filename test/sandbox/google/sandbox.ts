import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Door, openDoor } from '../../../sandbox/google/door.ts';
import { googleRoutes } from '../../../sandbox/google/faces.ts';
import { ensureProject } from '../../../sandbox/google/projects.ts';
import { declareWalls } from '../../../sandbox/google/standing-walls.ts';
import { ownerToken } from '../../../sandbox/google/tokens.ts';
import { openWorld, type World } from '../../../sandbox/world.ts';

export const PROJECT = 'test-project';

export interface TestSandbox {
  readonly world: World;
  readonly door: Door;
  readonly token: string;
  /** Moves the world's clock forward. */
  pass(milliseconds: number): void;
  call(method: string, path: string, body?: unknown, token?: string): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/**
 * A Google door of its own with one project, gone when the test ends. Its usual walls are down, unless the
 * test is about them.
 */
export async function openSandbox(
  folder = tempFolder(),
  { walls = false } = {},
): Promise<TestSandbox> {
  let ahead = 0;
  const world = openWorld(join(folder, 'world'), { now: () => new Date(Date.now() + ahead) });
  if (!walls) declareWalls(world, { apis: 'off', impersonation: 'off', ipv6: 'on' });
  ensureProject(world, PROJECT);
  const door = await openDoor(world, googleRoutes(world));
  onTestFinished(async () => {
    await door.close();
    world.close();
  });
  const token = ownerToken(world);
  return {
    world,
    door,
    token,
    pass(milliseconds) {
      ahead += milliseconds;
    },
    async call(method, path, body, as = token) {
      const answer = await fetch(`${door.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
        redirect: 'manual',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const json = /json/.test(answer.headers.get('content-type') ?? '');
      return {
        status: answer.status,
        headers: answer.headers,
        body: json && text !== '' ? JSON.parse(text) : text,
      };
    },
  };
}

/** A folder that is removed when the test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'windlass-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
