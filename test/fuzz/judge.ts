import { expect } from 'vitest';
import { Failure } from '../../src/failure.ts';

/**
 * What a reader made of an input from outside: its value, or undefined where it refused it well. A
 * refusal without code, reason or fix is a failed test, and so is a changed prototype.
 */
export async function judged<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.code).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(error.code).not.toBe('UNEXPECTED');
    for (const text of [error.what, error.why, error.fix]) expect(text).not.toBe('');
    return undefined;
  } finally {
    // What every object inherits is as it was: nothing wrote through `__proto__`.
    const inherited: string[] = [];
    // oxlint-disable-next-line guard-for-in -- what is inherited is what is looked for
    for (const key in {}) inherited.push(key);
    expect(inherited).toEqual([]);
  }
}
