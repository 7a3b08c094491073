import { z } from 'zod';
import { Config } from './config.ts';

/** The keys that windlass.yaml knows at a place, such as those of a service; none where any will do. */
export function keysAt(path: readonly string[]): readonly string[] {
  let schema: unknown = Config;
  for (const key of path) schema = below(bare(schema), key);
  return keysOf(bare(schema));
}

function keysOf(schema: unknown): readonly string[] {
  if (schema instanceof z.ZodUnion) return [...new Set(schema.options.map(bare).flatMap(keysOf))];
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function below(schema: unknown, key: string): unknown {
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).find(([k]) => k === key)?.[1];
  if (schema instanceof z.ZodArray) return schema.element;
  return schema instanceof z.ZodRecord ? schema.valueType : undefined;
}

function bare(schema: unknown): unknown {
  const wrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return wrapped ? bare(schema.unwrap()) : schema;
}
