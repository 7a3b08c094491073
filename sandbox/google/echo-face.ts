import { camelCase } from '../camel-case.ts';
import type { Collection, World } from '../world.ts';
import { type Call, GoogleError, notFound, ok, param, type Reply, type Route } from './http.ts';
import { Fields } from './fields.ts';
import { doneOperation, type OperationKind } from './operations.ts';
import { demand, dropPolicies } from './policies.ts';
import { demandProject } from './projects.ts';
import { page, patched } from './wire.ts';

/** A kind of resource that the sandbox keeps and echoes, with a few fields of the server's own. */
export interface EchoFace {
  readonly file: string;
  /** The parent's pattern below the version: `projects/{p}` with a star for {p}. */
  readonly version: 'v1' | 'v3';
  readonly parent: string;
  readonly kind: string;
  readonly permissions: string;
  /** The query parameter with the new resource's id, or a function that picks one. */
  readonly id: string | (() => string);
  /** Types of the operation that create and change answer with; absent = the resource itself. */
  readonly operation?: Omit<OperationKind, 'name'>;
  /** Change answers with the resource itself, though create and remove are operations. */
  readonly changesAtOnce?: true;
  readonly operationParent?: (name: string) => string;
  /** Fields that the server adds; `before` is absent at birth. */
  readonly serverFields: (world: World, name: string, before?: Fields) => Fields;
  /** Called with the whole resource before it is kept; may throw. */
  readonly accept?: (world: World, call: Call, fields: Fields) => void;
  /** The resource as it is kept, called before it is accepted; may throw. */
  readonly refine?: (fields: Fields, name: string) => Fields;
  readonly removed?: (world: World, name: string) => void;
}

/** Create, get, list, patch and delete for one kind. */
export function echoRoutes(world: World, face: EchoFace): readonly Route[] {
  const all = `/${face.version}/{parent=${face.parent}}/${face.kind}`;
  const one = `/${face.version}/{name=${face.parent}/${face.kind}/*}`;
  return [
    { method: 'POST', template: all, handle: (call) => create(world, face, call) },
    { method: 'GET', template: all, handle: (call) => list(world, face, call) },
    { method: 'GET', template: one, handle: (call) => get(world, face, call) },
    { method: 'PATCH', template: one, handle: (call) => patch(world, face, call) },
    { method: 'DELETE', template: one, handle: (call) => remove(world, face, call) },
  ];
}

/** The kept resources of a kind, by name. */
export function echoes(world: World, file: string): Collection<Fields> {
  return world.collection(file, Fields);
}

function create(world: World, face: EchoFace, call: Call): Reply {
  const parent = param(call, 'parent');
  demandParent(world, call, parent, `${face.permissions}.create`);
  const id = typeof face.id === 'string' ? idIn(call, face.id) : face.id();
  if (id === null || id === '') throw new GoogleError('INVALID_ARGUMENT', 'The id is missing.');
  const name = `${parent}/${face.kind}/${id}`;
  if (echoes(world, face.file).get(name) !== undefined) {
    throw new GoogleError('ALREADY_EXISTS', `Resource '${name}' already exists.`);
  }
  const sent = Fields.parse(call.body ?? {});
  const fields = { ...(face.refine?.(sent, name) ?? sent), name };
  face.accept?.(world, call, fields);
  return keep(world, face, fields);
}

/** JSON clients spell a query parameter `repositoryId`, Terraform `repository_id`. */
function idIn({ query }: Call, name: string): string | null {
  return query.get(name) ?? query.get(camelCase(name));
}

function get(world: World, face: EchoFace, call: Call): Reply {
  demand(world, call.caller, `${face.permissions}.get`, param(call, 'name'));
  return ok(found(world, face, call));
}

function list(world: World, face: EchoFace, call: Call): Reply {
  const parent = param(call, 'parent');
  demandParent(world, call, parent, `${face.permissions}.list`);
  const all = echoes(world, face.file)
    .list()
    .filter(([name]) => isBelow(name, `${parent}/${face.kind}`))
    .map(([, resource]) => resource);
  return ok(page(face.kind, all, call.query));
}

function patch(world: World, face: EchoFace, call: Call): Reply {
  demand(world, call.caller, `${face.permissions}.update`, param(call, 'name'));
  const before = found(world, face, call);
  const asked = patched(before, call.body, call.query.get('updateMask'));
  const next = face.refine?.(asked, param(call, 'name')) ?? asked;
  face.accept?.(world, call, next);
  return keep(world, face, { ...next, name: param(call, 'name') }, before);
}

function remove(world: World, face: EchoFace, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, `${face.permissions}.delete`, name);
  found(world, face, call);
  echoes(world, face.file).delete(name);
  dropPolicies(world, name);
  face.removed?.(world, name);
  if (face.operation === undefined) return ok({});
  return ok(doneOperation(world, { name: operationName(face, name) }, emptyMessage));
}

function keep(
  world: World,
  face: EchoFace,
  fields: Fields & { name: string },
  before?: Fields,
): Reply {
  const resource = { ...fields, ...face.serverFields(world, fields.name, before) };
  echoes(world, face.file).set(fields.name, resource);
  const atOnce = before !== undefined && face.changesAtOnce === true;
  if (face.operation === undefined || atOnce) return ok(resource);
  const name = operationName(face, fields.name);
  return ok(doneOperation(world, { ...face.operation, name }, resource));
}

/** Whether a resource is of a collection; `-` in its path stands for any location. */
function isBelow(name: string, collection: string): boolean {
  const wanted = collection.split('/');
  const parts = name.split('/').slice(0, -1);
  return (
    parts.length === wanted.length &&
    parts.every((part, at) => wanted[at] === '-' || wanted[at] === part)
  );
}

function found(world: World, face: EchoFace, call: Call): Fields {
  const name = param(call, 'name');
  const resource = echoes(world, face.file).get(name);
  if (resource === undefined) throw notFound(`Resource '${name}' was not found.`);
  return resource;
}

function demandParent(world: World, call: Call, parent: string, permission: string): void {
  if (parent.startsWith('projects/')) demandProject(world, call.caller, parent, permission);
  else demand(world, call.caller, permission, parent);
}

function operationName(face: EchoFace, name: string): string {
  const parent = face.operationParent?.(name) ?? name.split('/').slice(0, 4).join('/');
  return `${parent}/operations/${crypto.randomUUID()}`;
}

const emptyMessage = { '@type': 'type.googleapis.com/google.protobuf.Empty' };
