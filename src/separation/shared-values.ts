import { createHmac, randomBytes } from 'node:crypto';

/** A value by what it is; the value itself is never shown. */
export interface Value {
  readonly what: string;
  readonly value: string;
}

/**
 * What two environments have in common, by names only. Values are compared by digests under a key
 * that nobody keeps, whatever they are called: one's password must not be the other's key either.
 */
export function sharedValues(
  own: readonly Value[],
  others: readonly Value[],
): readonly { readonly own: string; readonly other: string }[] {
  const key = randomBytes(32);
  const digest = ({ value }: Value) => createHmac('sha256', key).update(value).digest('hex');
  const known = new Map(others.map((one) => [digest(one), one.what]));
  return own.flatMap((one) => {
    const other = known.get(digest(one));
    return other === undefined ? [] : [{ own: one.what, other }];
  });
}
