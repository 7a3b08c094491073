import type { World } from '../world.ts';
import type { ServiceRecord } from './records.ts';
import { reservedUrl } from './reserved.ts';

/** The address of a service: stable, also over restarts of the sandbox. */
export const serviceUrl = ({ port }: ServiceRecord): string => `http://127.0.0.1:${port}`;

/** The address of a traffic tag; undefined where the tag has none (yet). */
export function tagUrl({ tagPorts }: ServiceRecord, tag: string): string | undefined {
  const port = tagPorts[tag];
  return port === undefined ? undefined : `http://127.0.0.1:${port}`;
}

/** Every address under which a service answers. */
export function serviceUrls(world: World, service: ServiceRecord): readonly string[] {
  const tags = Object.values(service.tagPorts).map((port) => `http://127.0.0.1:${port}`);
  return [serviceUrl(service), reservedUrl(world, service.name) ?? [], tags].flat();
}
