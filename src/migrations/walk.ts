/** Every node below a value, as its name in the grammar and its fields; the value's own first. */
export function* nodesIn(
  value: unknown,
): Generator<readonly [name: string, fields: Readonly<Record<string, unknown>>]> {
  if (Array.isArray(value)) for (const one of value) yield* nodesIn(one);
  if (!isRecord(value)) return;
  for (const [name, fields] of Object.entries(value)) {
    // Nodes begin with a capital letter, fields with a small one.
    if (/^[A-Z]/.test(name) && isRecord(fields)) yield [name, fields];
    yield* nodesIn(fields);
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
