import type { Route } from './http.ts';

/** A route and the variables that its template took from the path. */
export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly regexp: RegExp;
  readonly names: readonly string[];
}

/**
 * Finds the first route for a method and a still encoded path. Templates are those of
 * google.api.http: `*` is one segment without a colon, `**` the rest, `:verb` a custom verb.
 */
export function routeTable(
  routes: readonly Route[],
): (method: string, path: string) => Match | undefined {
  const compiled = routes.map((route) => ({ route, pattern: compileTemplate(route.template) }));
  return (method, path) => {
    for (const { route, pattern } of compiled) {
      if (route.method !== method) continue;
      const params = matchPattern(pattern, path);
      if (params !== undefined) return { route, params };
    }
    return undefined;
  };
}

/** The template as an anchored expression with one group per variable. */
export function compileTemplate(template: string): Pattern {
  const names: string[] = [];
  const source = template
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith('{')) return wildcards(part);
      const [name = '', inner = '*'] = part.slice(1, -1).split('=');
      names.push(name);
      return `(${wildcards(inner)})`;
    })
    .join('');
  return { regexp: new RegExp(`^${source}$`), names };
}

function wildcards(text: string): string {
  return text
    .split(/(\*\*|\*)/)
    .map((part) => {
      if (part === '**') return '.+';
      return part === '*' ? '[^/:]+' : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
    })
    .join('');
}

function matchPattern(pattern: Pattern, path: string): Record<string, string> | undefined {
  const found = pattern.regexp.exec(path);
  if (found === null) return undefined;
  return Object.fromEntries(pattern.names.map((name, index) => [name, decode(found[index + 1])]));
}

function decode(text = ''): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
