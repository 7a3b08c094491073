import { z } from 'zod';
import type { GoogleAccess } from './access.ts';
import { callGoogle } from './call.ts';
import { readGoogleProject } from './project.ts';

const Address = z.object({ url: z.string() });

/**
 * Under which address each of these services answers, in the access's project and region, whether it
 * is there yet or not: https://NAME-NUMBER.REGION.run.app
 * (https://cloud.google.com/run/docs/triggering/https-request#deterministic). A name of 26 characters
 * and a number of 12 stay below the 63 of a DNS label, also behind the tag `candidate`.
 */
export async function serviceAddresses(
  access: GoogleAccess,
  services: readonly string[],
  tag?: string,
): Promise<Readonly<Record<string, string>>> {
  const names = [...new Set(services)];
  if (names.length === 0) return {};
  const { serviceAddresses: told } = access.endpoints;
  if (told === undefined) {
    const { projectNumber } = await readGoogleProject(access);
    const at = `${projectNumber}.${access.region}.run.app`;
    const before = tag === undefined ? '' : `${tag}---`;
    return Object.fromEntries(names.map((name) => [name, `https://${before}${name}-${at}`]));
  }
  const found = names.map(async (name) => {
    const asked = tag === undefined ? '' : `?tag=${tag}`;
    const url = `${told}/${access.project}/${access.region}/${name}${asked}`;
    const asking = { action: `tell the address of ${name}`, url, answer: Address };
    return [name, (await callGoogle(access, asking)).url] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}
