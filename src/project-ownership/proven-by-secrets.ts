import { z } from 'zod';
import { canLogIn } from '../postgres/connect.ts';
import { serviceSecrets } from '../services.ts';
import { adminSecret } from '../login-secrets.ts';
import { newestValue } from '../secret-values/newest-value.ts';
import type { Site } from '../site.ts';
import { databaseAddress } from '../database-way/way.ts';
import { readKeys } from '../supabase/keys.ts';
import type { Project } from '../supabase/project.ts';

const Opening = z.object({ url: z.string(), anon_key: z.string() });

/** Do the environment's secrets open this project: by its keys, or by its database's password? */
export async function provenBySecrets(site: Site, project: Project): Promise<boolean> {
  return (await holdsKeys(site, project)) || (await holdsPassword(site, project));
}

async function holdsKeys(site: Site, { ref }: Project): Promise<boolean> {
  const one = serviceSecrets(site.config).find(({ source }) => source.startsWith('supabase'));
  const text = one && (await newestValue(site, one.id));
  if (text === undefined) return false;
  const opening = Opening.safeParse(jsonOr(text));
  if (!opening.success) return false;
  const { url, anon_key: anon } = opening.data;
  if (URL.canParse(url) && new URL(url).hostname.startsWith(`${ref}.`)) return true;
  return anon === (await readKeys(site.supabase, ref)).anon;
}

async function holdsPassword(site: Site, { ref }: Project): Promise<boolean> {
  const password = await newestValue(site, adminSecret);
  if (password === undefined) return false;
  return canLogIn({ ...(await databaseAddress(site, ref)), password });
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
