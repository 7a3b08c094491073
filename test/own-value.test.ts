import { expect, it } from 'vitest';
import { ownValue } from '../src/own-value.ts';

it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
  'a record does not hold %s unless somebody put it there',
  (name) => {
    expect(ownValue({}, name)).toBeUndefined();
    expect(ownValue(Object.fromEntries([[name, 1]]), name)).toBe(1);
  },
);
