/** A field's name as JSON spells it: `repository_id` is `repositoryId`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
