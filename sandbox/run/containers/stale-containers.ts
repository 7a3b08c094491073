import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import type { World } from '../../world.ts';

const Kept = z.object({ id: z.string(), program: z.string() });

/** Remembers a container, so that a later server can end it should this one die without doing so. */
export function rememberContainer(world: World, container: z.infer<typeof Kept>): void {
  kept(world).set(container.id, container);
}

/** Forgets a container that is gone. */
export function forgetContainer(world: World, id: string): void {
  kept(world).delete(id);
}

/** Ends the containers of a server that died without ending them. */
export function endStaleContainers(world: World): void {
  for (const [key, { id, program }] of kept(world).list()) {
    spawnSync(program, ['rm', '--force', id], { stdio: 'ignore' });
    kept(world).delete(key);
  }
}

const kept = (world: World) => world.collection('run-containers', Kept);
