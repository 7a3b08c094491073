/** An error and what lies behind it, the outermost first: causes, and the parts of an aggregate. */
export function chainOf(error: unknown, depth = 8): readonly unknown[] {
  if (!(error instanceof Error) || depth === 0) return [error];
  const parts: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  const behind = error.cause === undefined ? parts : [error.cause, ...parts];
  return [error, ...behind.flatMap((one) => chainOf(one, depth - 1))];
}

/** A text field of whatever was thrown; undefined where it has none. */
export function textOf(error: unknown, field: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
