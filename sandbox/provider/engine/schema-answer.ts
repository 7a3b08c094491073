import type { Attribute, Block, Fields } from './schema.ts';

const nestings = { single: 1, list: 2, set: 3 } as const;

/** A table's fields as the protocol's schema. */
export const schemaAnswer = (fields: Fields, version = 0) => ({
  version,
  block: blockAnswer(fields),
});

function blockAnswer(fields: Fields): object {
  const entries = Object.entries(fields);
  return {
    attributes: entries.flatMap(([name, field]) =>
      field.kind === 'attribute' ? [attributeAnswer(name, field)] : [],
    ),
    blockTypes: entries.flatMap(([name, field]) =>
      field.kind === 'block' ? [nestedAnswer(name, field)] : [],
    ),
  };
}

function attributeAnswer(name: string, field: Attribute) {
  return {
    name,
    type: Buffer.from(JSON.stringify(field.type)),
    required: field.mode === 'required',
    optional: field.mode.startsWith('optional'),
    computed: field.mode.endsWith('computed'),
    sensitive: field.sensitive ?? false,
  };
}

function nestedAnswer(typeName: string, field: Block) {
  return {
    typeName,
    block: blockAnswer(field.fields),
    nesting: nestings[field.nesting],
    minItems: field.min ?? 0,
    maxItems: field.max ?? 0,
  };
}
