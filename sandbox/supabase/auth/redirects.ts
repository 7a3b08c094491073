import type { AuthSettings } from './face.ts';

/** The wanted redirect where `site_url` or `uri_allow_list` allows it, else the site itself. */
export function allowedRedirect(wanted: string | undefined, settings: AuthSettings): string {
  const { site_url: site, uri_allow_list: list } = settings;
  if (wanted === undefined || !URL.canParse(wanted)) return site;
  if (URL.canParse(site) && new URL(site).host === new URL(wanted).host) return wanted;
  const patterns = list.split(',').map((pattern) => pattern.trim());
  return patterns.some((pattern) => pattern !== '' && glob(pattern).test(wanted)) ? wanted : site;
}

// `*` stays within one part between `.` and `/`, `**` crosses them, `?` is one character.
function glob(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*|[*?]|[^\w*?]/g, (part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^./]*';
    return part === '?' ? '[^./]' : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}
