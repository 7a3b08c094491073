import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Call, GoogleError, type Reply, type Route } from '../google/http.ts';
import { startOperation } from '../google/operations.ts';
import type { World } from '../world.ts';
import { httpMethods, messageType } from './proto-table.ts';
import type { Message } from './read-message.ts';
import { partsOf, shortName } from './records.ts';

/** What answers each method of an API, by its name in the proto file. */
export type Handlers<Running> = Readonly<
  Record<string, (running: Running, call: Call) => Reply | Promise<Reply>>
>;

/** The routes of a v2 API: paths and verbs from its own proto table. */
export function routesOf<Running>(
  api: string,
  handlers: Handlers<Running>,
  running: Running,
): readonly Route[] {
  return httpMethods(api).flatMap(({ rpc, method, template }): Route[] => {
    const handler = handlers[rpc];
    return handler === undefined
      ? []
      : [{ method, template, handle: (call) => handler(running, call) }];
  });
}

/** Begins an operation on a resource of the v2 API, such as a `Service`. */
export function runOperation(
  world: World,
  { resource, kind }: { readonly resource: string; readonly kind: string },
  work: Parameters<typeof startOperation>[2],
): Message {
  const { project, location } = partsOf(resource);
  const name = `projects/${project}/locations/${location}/operations/${randomUUID()}`;
  const type = `google.cloud.run.v2.${kind}`;
  return startOperation(world, { name, metadataType: type, responseType: type }, work);
}

/** The fields of a message that belong to its clients. */
export function clientFields(kind: string, sent: Message): Message {
  const { fields } = messageType(kind);
  const isOwn = (field: string): boolean =>
    !['name', 'etag'].includes(field) &&
    fields[field]?.options?.['(google.api.field_behavior)'] !== 'OUTPUT_ONLY';
  return Object.fromEntries(Object.entries(sent).filter(([field]) => isOwn(field)));
}

/** Throws ABORTED where a client means another version of a resource than the current one. */
export function checkEtag(current: string, sent: unknown, name: string): void {
  if (sent === undefined || sent === null || sent === '' || sent === current) return;
  throw new GoogleError(
    'ABORTED',
    `Conflict for resource '${shortName(name)}': version '${JSON.stringify(sent)}' was specified but current version is '${current}'.`,
  );
}

/** The version that a client means; undefined where it means any. */
export function sentEtag({ body }: Call): string | undefined {
  return z.looseObject({ etag: z.string().optional() }).parse(body ?? {}).etag;
}

/** How the names begin that a list of `projects/P/locations/L` answers; `-` is every location. */
export function prefixOf(parent: string): string {
  const { project, location } = partsOf(parent);
  return `projects/${project}/locations/${location === '-' ? '' : `${location}/`}`;
}
