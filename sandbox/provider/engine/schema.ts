import type { Value } from './value.ts';

/** A type in Terraform's own notation, such as `["list", "string"]`. */
export type CtyType =
  | 'string'
  | 'number'
  | 'bool'
  | readonly ['list' | 'set' | 'map', CtyType]
  | readonly ['object', { readonly [name: string]: CtyType }];

type Mode = 'required' | 'optional' | 'computed' | 'optional+computed';

/** How a field travels: its name in JSON (default: camelCase), or not at all. */
export type Wire = {
  readonly json?: string;
  /** Neither sent in a body nor read back: the state alone knows it. */
  readonly local?: true;
  /** Sent although the cloud computes it. */
  readonly sent?: true;
  /** Sent although empty. */
  readonly sendEmpty?: true;
};

/** What a table may say of an attribute beyond its type and mode. */
export type AttributeOptions = Wire & {
  readonly forceNew?: true;
  readonly sensitive?: true;
  readonly default?: Value;
  /** Two spellings of one value, which are no difference. */
  readonly same?: (left: string, right: string) => boolean;
};

/** One attribute of a table. */
export type Attribute = AttributeOptions & {
  readonly kind: 'attribute';
  readonly type: CtyType;
  readonly mode: Mode;
};

/** What a table may say of a nested block. */
export type BlockOptions = Wire & {
  readonly min?: number;
  readonly max?: number;
  readonly forceNew?: true;
  /** Unset in the configuration means: as it is. */
  readonly computed?: true;
  /** Sent as an array although it holds at most one. */
  readonly array?: true;
  /** Sent as null where it is unset. */
  readonly nullable?: true;
};

/** One nested block of a table. */
export type Block = BlockOptions & {
  readonly kind: 'block';
  readonly nesting: 'list' | 'set' | 'single';
  readonly fields: Fields;
};

/** The attributes and blocks of one object. */
export type Fields = { readonly [name: string]: Attribute | Block };

const attribute =
  (mode: Mode) =>
  (type: CtyType, options: AttributeOptions = {}): Attribute => ({
    ...options,
    kind: 'attribute',
    mode,
    type,
  });

/** An attribute that the configuration must set. */
export const required = attribute('required');
/** An attribute that the configuration may set; unset clears it. */
export const optional = attribute('optional');
/** An attribute that only the cloud sets. */
export const computed = attribute('computed');
/** An attribute that the configuration may set; unset keeps it. */
export const optionalComputed = attribute('optional+computed');

const block =
  (nesting: Block['nesting']) =>
  (options: BlockOptions, fields: Fields): Block => ({
    ...options,
    kind: 'block',
    nesting,
    fields,
  });

/** Blocks in order. */
export const list = block('list');
/** Blocks without order. */
export const set = block('set');

/** The block that limits how long an operation may take, such as `{ create = "5m" }`. */
export const timeouts = (...verbs: readonly string[]): Block =>
  block('single')(
    { local: true },
    Object.fromEntries(verbs.map((verb) => [verb, optional('string')])),
  );

/** The name of a field in JSON. */
export const jsonName = (name: string, field: Wire): string =>
  field.json ?? name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
