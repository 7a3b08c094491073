import protobuf from 'protobufjs';
import { z } from 'zod';
import { camelCase } from '../camel-case.ts';
import { invalid } from '../google/http.ts';

/** The JSON form of a proto message: camelCase names, enums by name, no default values. */
export type Message = Readonly<Record<string, unknown>>;

const integers = ['int32', 'uint32', 'sint32', 'fixed32', 'sfixed32'];
const longs = ['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64'];
const opaque = ['.google.protobuf.Struct', '.google.protobuf.Any', '.google.protobuf.Value'];
const written = [
  '.google.protobuf.Timestamp',
  '.google.protobuf.Duration',
  '.google.protobuf.FieldMask',
];

/**
 * Reads proto3 JSON strictly: an unknown name or a wrong type is INVALID_ARGUMENT at its path,
 * numbers of enums become names, and what proto3 cannot tell from "unset" is left out.
 */
export function readMessage(type: protobuf.Type, json: unknown, path: string): Message {
  const parsed = z.record(z.string(), z.unknown()).safeParse(json);
  if (!parsed.success) throw wrong(path, `type.googleapis.com/${type.fullName.slice(1)}`, json);
  const read: [string, unknown][] = [];
  for (const [key, value] of Object.entries(parsed.data)) {
    const field = type.fields[key] ?? type.fields[camelCase(key)];
    if (field === undefined) throw unknownName(key, path);
    if (value === null || value === undefined) continue;
    const kept = readField(field, value, path === '' ? field.name : `${path}.${field.name}`);
    if (kept !== undefined) read.push([field.name, kept]);
  }
  return Object.fromEntries(read);
}

function readField(field: protobuf.Field, value: unknown, path: string): unknown {
  if (field instanceof protobuf.MapField) return readMap(field, value, path);
  if (!field.repeated) {
    const one = readValue(field, value, path);
    return isPresent(field) || !isDefault(one, field) ? one : undefined;
  }
  if (!Array.isArray(value)) throw wrong(path, kindOf(field), value);
  const items = value.map((item, index) => readValue(field, item, `${path}[${index}]`));
  return items.length === 0 ? undefined : items;
}

function readMap(field: protobuf.Field, value: unknown, path: string): unknown {
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  if (!parsed.success) throw wrong(path, kindOf(field), value);
  const entries = Object.entries(parsed.data).map(([key, item]) => [
    key,
    readValue(field, item, `${path}[${key}]`),
  ]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function readValue(field: protobuf.Field, value: unknown, path: string): unknown {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Enum) return readEnum(resolvedType, value, path);
  if (resolvedType instanceof protobuf.Type) {
    if (opaque.includes(resolvedType.fullName)) return value;
    if (!written.includes(resolvedType.fullName)) return readMessage(resolvedType, value, path);
    if (typeof value === 'string') return value;
    throw wrong(path, `type.googleapis.com/${resolvedType.fullName.slice(1)}`, value);
  }
  return readScalar(field, value, path);
}

function readEnum(type: protobuf.Enum, value: unknown, path: string): string {
  const name = typeof value === 'number' ? type.valuesById[value] : value;
  if (typeof name === 'string' && Object.hasOwn(type.values, name)) return name;
  throw wrong(path, `type.googleapis.com/${type.fullName.slice(1)}`, value);
}

function readScalar(field: protobuf.Field, value: unknown, path: string): unknown {
  const text = typeof value === 'number' ? String(value) : value;
  if (longs.includes(field.type) && typeof text === 'string' && /^-?\d+$/.test(text)) return text;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (integers.includes(field.type) && Number.isInteger(number)) return number;
  if (['float', 'double'].includes(field.type) && typeof number === 'number') return number;
  if (field.type === 'bool' && typeof value === 'boolean') return value;
  if (['string', 'bytes'].includes(field.type) && typeof value === 'string') return value;
  throw wrong(path, kindOf(field), value);
}

function isPresent(field: protobuf.Field): boolean {
  if (field.resolvedType instanceof protobuf.Type) return true;
  return field.options?.['proto3_optional'] === true || field.partOf !== null;
}

function isDefault(value: unknown, field: protobuf.Field): boolean {
  if (field.resolvedType instanceof protobuf.Enum) {
    return typeof value === 'string' && field.resolvedType.values[value] === 0;
  }
  return value === '' || value === 0 || value === '0' || value === false;
}

const kindOf = (field: protobuf.Field): string => `TYPE_${field.type.toUpperCase()}`;

function wrong(path: string, kind: string, value: unknown): Error {
  return invalid(`Invalid value at '${path}' (${kind}), ${JSON.stringify(value)}`);
}

function unknownName(name: string, path: string): Error {
  const place = path === '' ? '' : ` at '${path}'`;
  return invalid(
    `Invalid JSON payload received. Unknown name "${name}"${place}: Cannot find field.`,
  );
}
