import {
  list,
  optional,
  optionalComputed,
  required,
  type Attribute,
  type Fields,
} from './schema.ts';

/** Every resource's id. */
export const id: Fields = { id: optionalComputed('string', { local: true }) };

/** What destroying the resource does: DELETE, ABANDON (forget it) or PREVENT (refuse). */
export const deletionPolicy: Fields = {
  deletion_policy: optionalComputed('string', { local: true, default: 'DELETE' }),
};

/** The project, by default the provider's. */
export const project: Fields = {
  project: optionalComputed('string', { local: true, forceNew: true }),
};

/** An attribute that names the resource: part of its address, never of its body. */
export const naming = (): Attribute => required('string', { local: true, forceNew: true });

/** The condition of an IAM binding. */
export const condition: Fields = {
  condition: list(
    { max: 1, forceNew: true },
    {
      title: required('string', { forceNew: true }),
      expression: required('string', { forceNew: true }),
      description: optional('string', { forceNew: true }),
    },
  ),
};

/** Whether a reference means the known thing: by its whole path, or by its name alone. */
export const sameThing = (wanted: string, known: string): boolean =>
  wanted === (wanted.includes('/') ? known : lastSegment(known));

/** The name at the end of a path. */
export const lastSegment = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Two spellings of one word. */
export const sameButCase = (left: string, right: string): boolean =>
  left.toUpperCase() === right.toUpperCase();
