import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { GoogleAccess } from '../../gcp/access.ts';
import { googleRegistry, isGoogles } from '../../gcp/registry.ts';

/** Where the registry of a host answers, and how we say there who we are. */
export interface RegistryDoor {
  readonly root: string;
  /** `Bearer …` or `Basic …`; undefined = as nobody in particular. */
  readonly authorization: () => Promise<string | undefined>;
}

/** The door to the registry of a host, by Google's credentials or those of `docker login`. */
export function registryDoor(host: string, google?: GoogleAccess): RegistryDoor {
  if (google && isGoogles(host))
    return {
      root: googleRegistry(google, host),
      authorization: async () => `Bearer ${await google.token()}`,
    };
  const real = host === 'docker.io' ? 'registry-1.docker.io' : host;
  const plain = /^(localhost|127\.0\.0\.1)(:|$)/.test(host);
  return {
    root: `${plain ? 'http' : 'https'}://${real}`,
    authorization: () => loginOf(host),
  };
}

const Logins = z.object({
  auths: z.record(z.string(), z.object({ auth: z.string().optional() })).optional(),
});

/** What `docker login` and `podman login` wrote down for a host. */
async function loginOf(host: string): Promise<string | undefined> {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const files = [
    process.env['REGISTRY_AUTH_FILE'],
    join(process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), 'config.json'),
    runtime && join(runtime, 'containers', 'auth.json'),
  ];
  const names = host === 'docker.io' ? ['https://index.docker.io/v1/', 'docker.io'] : [host];
  for (const file of files) {
    const text = file ? await readFile(file, 'utf8').catch(() => undefined) : undefined;
    const logins = text === undefined ? undefined : parsed(text)?.auths;
    const found = names.map((name) => logins?.[name]?.auth).find(Boolean);
    if (found) return `Basic ${found}`;
  }
  return undefined;
}

function parsed(text: string): z.infer<typeof Logins> | undefined {
  try {
    return Logins.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
