import { z } from 'zod';
import type { Collection, World } from '../world.ts';

const Reserved = z.object({ port: z.number().int() });

/**
 * Ports of the addresses that stand for https://NAME-NUMBER.REGION.run.app, by the service's relative
 * name: known before the service is there, and answered with 404 until then.
 */
export const reserved = (world: World): Collection<z.infer<typeof Reserved>> =>
  world.collection('run-addresses', Reserved);

/** That address of a service; undefined where nobody has asked for it. */
export function reservedUrl(world: World, service: string): string | undefined {
  const kept = reserved(world).get(service);
  return kept && `http://127.0.0.1:${kept.port}`;
}
