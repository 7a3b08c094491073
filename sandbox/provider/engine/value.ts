import { decode, encode, ExtData } from '@msgpack/msgpack';
import { isDeepStrictEqual } from 'node:util';

/** A Terraform value: null, a scalar, a collection or object, or not yet known. */
export type Value = null | boolean | number | string | ExtData | readonly Value[] | ValueObject;
/** An object or map of values by name. */
export type ValueObject = { readonly [name: string]: Value };

/** The value that is known only after the apply (extension 0 of the protocol's msgpack). */
export const unknown: Value = new ExtData(0, Uint8Array.of(0));

/** Tells whether the value is known only after the apply. */
export const isUnknown = (value: Value | undefined): value is ExtData => value instanceof ExtData;

/** Tells whether the value is a list or set of known length. */
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

/** Tells whether the value is an object or map. */
export const isObject = (value: Value | undefined): value is ValueObject =>
  typeof value === 'object' && value !== null && !isUnknown(value) && !isList(value);

/** Tells whether the value says nothing: null, zero, false, or an empty string or collection. */
export function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false)
    return true;
  if (isList(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** Tells whether two values are the same, whatever the order of names. */
export const sameValue = (left: Value | undefined, right: Value | undefined): boolean =>
  isDeepStrictEqual(left ?? null, right ?? null);

/** The text of a value; an empty one where it holds none. */
export const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

/** A scalar as it is written in a path; an empty text for anything else. */
export const written = (value: Value | undefined): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';

/** Encodes a value for the protocol. */
export const pack = (value: Value) => ({ msgpack: encode(value) });

/** Decodes a value of the protocol; throws on anything that is no Terraform value. */
export const unpack = (bytes: Uint8Array): Value => toValue(decode(bytes));

/** Takes parsed JSON or msgpack for a Terraform value; throws on anything else. */
export function toValue(input: unknown): Value {
  if (input instanceof ExtData) return unknown;
  if (input === null || input === undefined) return null;
  if (typeof input === 'boolean' || typeof input === 'number' || typeof input === 'string')
    return input;
  if (typeof input === 'bigint') return Number(input);
  if (Array.isArray(input)) return input.map(toValue);
  if (typeof input !== 'object') throw new TypeError(`no Terraform value: ${typeof input}`);
  return Object.fromEntries(Object.entries(input).map(([name, item]) => [name, toValue(item)]));
}
