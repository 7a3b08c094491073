import type { Issue } from './issue.ts';

interface Addressed {
  readonly environments: Readonly<
    Record<
      string,
      {
        readonly supabase: {
          readonly settings: { readonly site_url: string; readonly uri_allow_list: string };
        };
      }
    >
  >;
}

/** Schemes that a browser runs or opens on the user's own machine. */
const dangerous: ReadonlySet<string> = new Set([
  ...['javascript', 'data', 'vbscript', 'file', 'blob', 'about', 'filesystem', 'view-source'],
]);

/** Addresses to which Supabase would send people, with their sign-in, and must not. */
export function addressIssues({ environments }: Addressed): readonly Issue[] {
  return Object.entries(environments).flatMap(([name, { supabase }]) => {
    const path = ['environments', name, 'supabase', 'settings'];
    const { site_url: site, uri_allow_list: list } = supabase.settings;
    return [
      ...siteIssue([...path, 'site_url'], site),
      ...listIssues([...path, 'uri_allow_list'], list),
    ];
  });
}

function siteIssue(path: readonly string[], site: string): readonly Issue[] {
  const at = URL.parse(site);
  const fix = 'Write the address of your site: `https://app.example.com`.';
  if (!at || !['https:', 'http:'].includes(at.protocol))
    return [{ path, message: `is '${site}': only https:// and http:// lead to a site`, fix }];
  if (at.username === '' && at.password === '') return [];
  return [{ path, message: 'holds a user and a password, which every mail would show', fix }];
}

/** An app's own scheme (`com.example.app://`) is allowed; a wildcard for the host is not. */
function listIssues(path: readonly string[], list: string): readonly Issue[] {
  return list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .flatMap((one) => {
      const wrong = wrongWith(one);
      return wrong ? [{ path, ...wrong }] : [];
    });
}

function wrongWith(entry: string): Omit<Issue, 'path'> | undefined {
  const fix = 'Write it as `https://app.example.com/**`.';
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(entry)?.[1]?.toLowerCase();
  if (scheme !== undefined && dangerous.has(scheme))
    return { message: `holds '${entry}': a browser would run or open that itself`, fix };
  if (scheme === undefined || !/^[^:]+:\/\/[^\s]*$/.test(entry))
    return { message: `holds '${entry}', which is no address`, fix };
  if (/^https?:\/\/(\*+\.?)*(\/|$)/i.test(entry))
    return { message: `holds '${entry}', which is any site: each could take a sign-in along`, fix };
  return undefined;
}
