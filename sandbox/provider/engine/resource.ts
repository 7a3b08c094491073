import type { Configuration } from './configuration.ts';
import type { Request } from './http.ts';
import type { Fields } from './schema.ts';
import type { ValueObject } from './value.ts';

/** What an operation may use: the configured provider, its REST calls, and the request to stop. */
export type Call = {
  readonly configuration: Configuration;
  readonly stopped: AbortSignal;
  readonly send: (request: Request) => Promise<ValueObject>;
};

/** How an operation ended: what is there now, and what went wrong all the same. */
export type Outcome = { readonly state: ValueObject | null; readonly failure?: unknown };

/** The four verbs of a resource. */
export type Lifecycle = {
  readonly create: (call: Call, planned: ValueObject) => Promise<Outcome>;
  /** The state as it is now, null where the thing is gone. */
  readonly read: (call: Call, state: ValueObject) => Promise<ValueObject | null>;
  readonly update?: (call: Call, planned: ValueObject, prior: ValueObject) => Promise<Outcome>;
  readonly destroy: (call: Call, state: ValueObject) => Promise<void>;
};

/** A resource type: its schema, how an id names it, and its verbs. */
export type Resource = Lifecycle & {
  readonly type: string;
  readonly version?: number;
  readonly fields: Fields;
  readonly importIds: readonly string[];
  /** Attributes of an import id brought into the form that states hold. */
  readonly imported?: (found: ValueObject, configuration: Configuration) => ValueObject;
};

/** A data source: its schema and how it is read. */
export type DataSource = {
  readonly type: string;
  readonly fields: Fields;
  readonly read: (call: Call, config: ValueObject) => Promise<ValueObject>;
};
