import { written, type ValueObject } from './value.ts';

/** Fills a template such as `projects/{project}/secrets/{secret_id}` from a state's attributes. */
export const filled = (template: string, state: ValueObject): string =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => written(state[name]));

/** The attributes that an id names by a template, null where it does not fit; `{+name}` may hold slashes. */
export function parsed(template: string, id: string): Readonly<Record<string, string>> | null {
  const pattern = template
    .replaceAll(/[.*?^$()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\{(\w+)\}/g, '(?<$1>[^/ ]+)')
    .replaceAll(/\{\+(\w+)\}/g, '(?<$1>[^ ]+)');
  const match = new RegExp(`^${pattern}$`).exec(id);
  return match === null ? null : { ...match.groups };
}

/** The first template that fits an id gives its attributes; throws where none does. */
export function parsedByOne(
  templates: readonly string[],
  id: string,
): Readonly<Record<string, string>> {
  for (const template of templates) {
    const found = parsed(template, id);
    if (found !== null) return found;
  }
  throw new Error(
    `import id "${id}" matches none of the accepted formats: ${templates.join(', ')}`,
  );
}
