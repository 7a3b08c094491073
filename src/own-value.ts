/**
 * What a record holds under a name that came from outside; undefined for what every object inherits,
 * such as `constructor` and `__proto__`.
 */
export function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
