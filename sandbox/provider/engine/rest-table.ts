import type { Configuration, Product } from './configuration.ts';
import type { Call } from './resource.ts';
import type { Fields } from './schema.ts';
import type { ValueObject } from './value.ts';

/** How a change is sent: the whole object, with a mask of what changed, or what changed alone. */
export type UpdateRule = {
  readonly method?: 'PATCH' | 'PUT';
  /** The mask names what changed, or what a function makes of those names. */
  readonly mask?: true | ((changed: readonly string[]) => readonly string[]);
  readonly partial?: true;
  /** The answer is the changed thing, also where creating it takes an operation. */
  readonly atOnce?: true;
  readonly wrap?: (body: ValueObject, mask: string) => ValueObject;
};

/** A resource that plain REST calls make, read, change and delete; paths are templates over its attributes. */
export type RestTable = {
  readonly type: string;
  readonly version?: number;
  readonly product: Product;
  readonly generated?: true;
  readonly fields: Fields;
  readonly id: string;
  /** Path of the thing itself, where it is not its id. */
  readonly path?: string;
  readonly create: {
    readonly method?: 'POST' | 'PUT';
    readonly path: string;
    readonly query?: Readonly<Record<string, string>>;
  };
  readonly update?: UpdateRule;
  readonly deleteQuery?: (state: ValueObject) => Readonly<Record<string, string>>;
  /** Waits for long-running operations; `tainted` keeps what a failed creation leaves behind. */
  readonly operation?: 'discarded' | 'tainted';
  readonly importIds: readonly string[];
  readonly imported?: (found: ValueObject, configuration: Configuration) => ValueObject;
  readonly encode?: (body: ValueObject, state: ValueObject) => ValueObject;
  /** The answer brought into the shape of the fields; null where it says that the thing is gone. */
  readonly decode?: (answer: ValueObject) => ValueObject | null;
  /** Throws where the state forbids deletion, or clears the way for it. */
  readonly beforeDelete?: (call: Call, state: ValueObject) => Promise<void> | void;
  /** Waits for more than the operation, such as the readiness of a v1 service. */
  readonly settled?: (call: Call, state: ValueObject) => Promise<void>;
};
