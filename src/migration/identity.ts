import { z } from 'zod';
import { callGoogle } from '../gcp/call.ts';
import type { Site } from '../site.ts';

const Answer = z.object({ uid: z.string(), createTime: z.string() });

/** What a service keeps from its creation to its deletion; a recreated one has another. */
export type Identity = z.infer<typeof Answer>;

/** The identity of each service, read from the Run API. */
export async function identities(
  { google }: Site,
  services: readonly string[],
): Promise<Readonly<Record<string, Identity>>> {
  const parent = `${google.endpoints.run}/v2/projects/${google.project}/locations/${google.region}`;
  const read = async (name: string) => {
    const call = { action: `read service ${name}`, url: `${parent}/services/${name}` };
    return [name, await callGoogle(google, { ...call, answer: Answer })] as const;
  };
  return Object.fromEntries(await Promise.all(services.map(read)));
}
