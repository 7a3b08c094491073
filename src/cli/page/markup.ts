import { stripVTControlCharacters } from 'node:util';
import { visible } from '../output/visible.ts';

/** HTML that is safe to put into a page. */
export interface Markup {
  readonly html: string;
}

type Value = Markup | string | number | undefined | false | readonly (Markup | string)[];

/** A template of HTML: what is filled in is text, unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { html: parts.map((part, at) => `${part}${filled(values[at])}`).join('') };
}

function filled(value: Value): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return 'html' in value ? value.html : value.map(filled).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return visible(stripVTControlCharacters(text)).replaceAll(
    /[&<>"']/g,
    (sign) => entities[sign] ?? sign,
  );
}
