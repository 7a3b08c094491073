import { z } from 'zod';
import type { Collection, World } from '../../world.ts';
import { Fields } from '../fields.ts';
import { type Call, ok, param, type Reply } from '../http.ts';
import { dropPolicies } from '../policies.ts';
import { page, patched } from '../wire.ts';
import { demandPubsub } from './records.ts';

/** Topics or subscriptions: what is the same of both. */
export interface Kind<T> {
  readonly plural: 'topics' | 'subscriptions';
  readonly singular: 'topic' | 'subscription';
  readonly all: (world: World) => Collection<T>;
  /** The one of a name; throws NOT_FOUND. */
  readonly named: (world: World, name: string) => T;
}

/** GET: one of them. */
export function show<T>(world: World, call: Call, kind: Kind<T>): Reply {
  return ok(found(world, call, kind, 'get'));
}

/** GET: those of a project. */
export function list<T>(world: World, call: Call, { plural, all }: Kind<T>): Reply {
  const parent = param(call, 'parent');
  demandPubsub(world, call.caller, `pubsub.${plural}.list`, parent);
  const those = all(world)
    .list()
    .filter(([name]) => name.startsWith(`${parent}/${plural}/`))
    .map(([, one]) => one);
  return ok(page(plural, those, call.query));
}

/** The fields of a body; one that is null is unset, as everywhere in Google's JSON. */
export function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  const fields = Object.entries(Fields.parse(body));
  return Object.fromEntries(fields.filter(([, value]) => value !== null));
}

const Change = z.looseObject({ updateMask: z.string().optional() });

/** What PATCH makes of one: the fields that the mask names, in the query or in the body. */
export function changed<T extends Record<string, unknown>>(
  world: World,
  call: Call,
  kind: Kind<T>,
) {
  const before = found(world, call, kind, 'update');
  const { updateMask, ...body } = Change.parse(call.body ?? {});
  const fields = fieldsOf(body[kind.singular]);
  return { before, next: patched(before, fields, updateMask ?? call.query.get('updateMask')) };
}

/** DELETE: it and its policies. */
export function remove<T>(world: World, call: Call, kind: Kind<T>): string {
  const name = param(call, 'name');
  found(world, call, kind, 'delete');
  kind.all(world).delete(name);
  dropPolicies(world, name);
  return name;
}

function found<T>(world: World, call: Call, { plural, named }: Kind<T>, verb: string): T {
  const name = param(call, 'name');
  demandPubsub(world, call.caller, `pubsub.${plural}.${verb}`, name);
  return named(world, name);
}
