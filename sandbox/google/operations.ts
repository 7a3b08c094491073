import { z } from 'zod';
import type { World } from '../world.ts';
import { guarded } from './apis/guard.ts';
import { type Call, GoogleError, notFound, ok, param, type Route } from './http.ts';
import { held } from '../../src/held.ts';

const Operation = z.object({
  session: z.string(),
  startedAt: z.number(),
  done: z.boolean(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  response: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
});
type Operation = z.infer<typeof Operation>;
type Message = Readonly<Record<string, unknown>>;

const KEPT_MS = 3_600_000;

/** The types are full proto names, such as `google.cloud.run.v2.Service`. */
export interface OperationKind {
  readonly name: string;
  readonly metadataType?: string;
  readonly responseType?: string;
}

/** The work of an operation; `report` replaces the metadata that pollers see meanwhile. */
export type OperationWork = (report: (metadata: Message) => void) => Promise<Message> | Message;

/** Starts the work and answers the operation at once; a GoogleError becomes its `error`. */
export function startOperation(world: World, kind: OperationKind, work: OperationWork): Message {
  const operations = collection(world);
  forgetOld(world);
  const startedAt = world.now().getTime();
  const save = (change: Partial<Operation>): void => {
    const before = operations.get(kind.name);
    const fresh = { session: world.session, startedAt, done: false };
    operations.set(kind.name, { ...fresh, ...before, ...change });
  };
  operations.delete(kind.name);
  save(kind.metadataType === undefined ? {} : { metadata: typed(kind.metadataType, {}) });
  const report = (metadata: Message): void =>
    save({ metadata: typed(kind.metadataType, metadata) });
  void held(finish(() => work(report), kind, save));
  return operationBody(world, kind.name);
}

/** An operation that is already done, for work that takes no time. */
export function doneOperation(world: World, kind: OperationKind, response: Message): Message {
  const startedAt = world.now().getTime();
  collection(world).set(kind.name, {
    session: world.session,
    startedAt,
    done: true,
    ...(kind.metadataType === undefined ? {} : { metadata: typed(kind.metadataType, {}) }),
    response: typed(kind.responseType, response),
  });
  return operationBody(world, kind.name);
}

/** The operation as its pollers see it; NOT_FOUND, or an error where its server has died. */
export function operationBody(world: World, name: string): Message {
  const operation = collection(world).get(name);
  if (operation === undefined) throw notFound(`Operation ${name} was not found.`);
  const { session, startedAt, ...body } = operation;
  if (session === world.session || body.done) return { name, ...body };
  const message = `The server that ran this operation has ended (started at ${startedAt}).`;
  return { name, ...body, done: true, error: { code: 10, message } };
}

const POOL = 'projects/*/locations/*/workloadIdentityPools/*';
const templates: Readonly<Record<string, string>> = {
  '/v1/{name=operations/*}': 'serviceusage.googleapis.com',
  '/v1/{name=projects/*/locations/*/operations/*}': 'artifactregistry.googleapis.com',
  [`/v1/{name=${POOL}/operations/*}`]: 'iam.googleapis.com',
  [`/v1/{name=${POOL}/providers/*/operations/*}`]: 'iam.googleapis.com',
  '/v2/{name=projects/*/locations/*/operations/*}': 'run.googleapis.com',
};

/** Polling by name, for every face. */
export function operationRoutes(world: World): readonly Route[] {
  return Object.entries(templates).flatMap(([template, api]) => {
    const handle = (call: Call) => ok(operationBody(world, param(call, 'name')));
    return guarded(world, api, [{ method: 'GET', template, handle }]);
  });
}

async function finish(
  work: () => Promise<Message> | Message,
  kind: OperationKind,
  save: (change: Partial<Operation>) => void,
): Promise<void> {
  try {
    save({ response: typed(kind.responseType, await work()), done: true });
  } catch (error) {
    const code = error instanceof GoogleError ? error.rpc : 13;
    const message = error instanceof Error ? error.message : String(error);
    save({ done: true, error: { code, message } });
  }
}

function collection(world: World) {
  return world.collection('operations', Operation);
}

function typed(type: string | undefined, message: Message): Record<string, unknown> {
  return type === undefined
    ? { ...message }
    : { '@type': `type.googleapis.com/${type}`, ...message };
}

function forgetOld(world: World): void {
  const limit = world.now().getTime() - KEPT_MS;
  for (const [name, operation] of collection(world).list()) {
    if (operation.startedAt < limit) collection(world).delete(name);
  }
}
