import { z } from 'zod';
import type { Collection, World } from '../world.ts';

const Port = z.number().int();
const Reserved = z.object({ port: Port, tags: z.record(z.string(), Port).optional() });

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

/** The one of a tag, whether anything has it or not. */
export function reservedTagUrl(world: World, service: string, tag: string): string | undefined {
  const port = reserved(world).get(service)?.tags?.[tag];
  return port === undefined ? undefined : `http://127.0.0.1:${port}`;
}
