import { durationMs } from './configuration.ts';
import { unlessGone } from './http.ts';
import { fromJson, toJson } from './json.ts';
import { withReadLabels } from './labels.ts';
import { operationDone } from './operation.ts';
import { filled } from './path-template.ts';
import { reconciled, withoutUnknown } from './reconcile.ts';
import type { Call, Outcome, Resource } from './resource.ts';
import type { RestTable, UpdateRule } from './rest-table.ts';
import { jsonName, type Fields } from './schema.ts';
import { isObject, sameValue, text, type ValueObject } from './value.ts';

/** Makes the four verbs of a table. */
export function restResource(table: RestTable): Resource {
  return {
    type: table.type,
    ...(table.version === undefined ? {} : { version: table.version }),
    ...(table.imported === undefined ? {} : { imported: table.imported }),
    fields: table.fields,
    importIds: table.importIds,
    create: (call, planned) => create(table, call, planned),
    read: (call, state) => read(table, call, state),
    ...(table.update === undefined ? {} : { update: updater(table, table.update) }),
    destroy: (call, state) => destroy(table, call, state),
  };
}

async function create(table: RestTable, call: Call, planned: ValueObject): Promise<Outcome> {
  const answer = await call.send({
    ...base(table),
    method: table.create.method ?? 'POST',
    path: filled(table.create.path, planned),
    query: filledQuery(table.create.query ?? {}, planned),
    body: bodyOf(table, planned),
  });
  const named = table.operation === undefined ? withAnswer(table, planned, answer) : planned;
  const known: ValueObject = { ...named, id: filled(table.id, named) };
  try {
    await finished(table, call, { answer, state: known, verb: 'create' });
    return { state: await read(table, call, known) };
  } catch (failure) {
    const kept = table.operation === 'discarded' ? null : withoutUnknown(table.fields, known);
    return { state: kept, failure };
  }
}

async function read(table: RestTable, call: Call, state: ValueObject): Promise<ValueObject | null> {
  const answer = await unlessGone(
    call.send({ ...base(table), method: 'GET', path: pathOf(table, state) }),
  );
  if (answer === null) return null;
  const fresh = table.decode === undefined ? answer : table.decode(answer);
  if (fresh === null) return null;
  const merged = reconciled(table.fields, fromJson(table.fields, fresh), state);
  return withReadLabels({ ...merged, id: filled(table.id, merged) });
}

const updater =
  (table: RestTable, rule: UpdateRule) =>
  async (call: Call, planned: ValueObject, prior: ValueObject): Promise<Outcome> => {
    const names = changedNames(table.fields, planned, prior);
    if (names.length === 0) return { state: withReadLabels(withoutUnknown(table.fields, planned)) };
    const mask = masked(rule, names).join(',');
    const whole = bodyOf(table, planned);
    const body = rule.partial === true ? picked(whole, names) : whole;
    const answer = await call.send({
      ...base(table),
      method: rule.method ?? 'PATCH',
      path: pathOf(table, planned),
      query: rule.mask === undefined ? {} : { updateMask: mask },
      body: rule.wrap?.(body, mask) ?? body,
    });
    try {
      const started = { answer, state: planned, verb: 'update' };
      // Where the answer is the thing itself there is no operation to wait for.
      if (rule.atOnce !== true) await finished(table, call, started);
      return { state: await read(table, call, planned) };
    } catch (failure) {
      return { state: withoutUnknown(table.fields, planned), failure };
    }
  };

async function destroy(table: RestTable, call: Call, state: ValueObject): Promise<void> {
  await table.beforeDelete?.(call, state);
  const answer = await unlessGone(
    call.send({
      ...base(table),
      method: 'DELETE',
      path: pathOf(table, state),
      query: table.deleteQuery?.(state) ?? {},
    }),
  );
  if (answer === null || table.operation === undefined) return;
  await finished({ ...table, settled: async () => {} }, call, { answer, state, verb: 'delete' });
}

type Started = { readonly answer: ValueObject; readonly state: ValueObject; readonly verb: string };

async function finished(
  table: RestTable,
  call: Call,
  { answer, state, verb }: Started,
): Promise<void> {
  const limits = state['timeouts'];
  const limit = isObject(limits) ? durationMs(text(limits[verb])) : null;
  try {
    if (table.operation !== undefined)
      await operationDone(call, table.product, answer, limit ?? 1_200_000);
    await table.settled?.(call, state);
  } catch (failure) {
    const what = failure instanceof Error ? failure.message : String(failure);
    throw new Error(`Error waiting to ${verb} ${table.type}: ${what}`, { cause: failure });
  }
}

const base = (table: RestTable) => ({
  product: table.product,
  generated: table.generated === true,
});

const pathOf = (table: RestTable, state: ValueObject) => filled(table.path ?? table.id, state);

const bodyOf = (table: RestTable, state: ValueObject): ValueObject => {
  const body = toJson(table.fields, state);
  return table.encode === undefined ? body : table.encode(body, state);
};

function withAnswer(table: RestTable, planned: ValueObject, answer: ValueObject): ValueObject {
  const fresh = table.decode === undefined ? answer : (table.decode(answer) ?? answer);
  return reconciled(table.fields, fromJson(table.fields, fresh), planned);
}

function filledQuery(query: Readonly<Record<string, string>>, state: ValueObject) {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, filled(value, state)]),
  );
}

function changedNames(fields: Fields, planned: ValueObject, prior: ValueObject): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const after = toJson({ [name]: field }, planned);
    return sameValue(after, toJson({ [name]: field }, prior)) ? [] : [jsonName(name, field)];
  });
}

const masked = ({ mask }: UpdateRule, names: readonly string[]): readonly string[] =>
  typeof mask === 'function' ? mask(names) : names;

const picked = (body: ValueObject, names: readonly string[]): ValueObject =>
  Object.fromEntries(names.map((name) => [name, body[name] ?? null]));
