import { siteIn } from '../endpoints.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { ownValues } from './own-values.ts';
import { sharedValues } from './shared-values.ts';
import type { Value } from './shared-values.ts';

/**
 * Refuses an environment that shares a project, token, key, password or bucket with another one of
 * windlass.yaml. An environment that these credentials do not open is apart by that alone.
 */
export async function refuseShared(site: Site): Promise<void> {
  const { target } = site.environment;
  const names = Object.entries(site.config.environments).flatMap(([name, other]) =>
    name !== site.name && other.target === target ? [name] : [],
  );
  const [own, ...others] = await Promise.all([
    ownValues(site),
    ...names.map((name) => valuesOf(site, name)),
  ]);
  const shared = others.flatMap((values, index) =>
    sharedValues(own, values).map((one) => lineOf(names[index] ?? '', one)),
  );
  if (shared.length === 0) return;
  throw new Failure({
    code: 'ENVIRONMENTS_SHARE',
    what: `${site.name} shares values with other environments`,
    why: shared.join('; '),
    fix: 'Give each environment its own values: anyone who has a shared one can access both.',
  });
}

async function valuesOf(site: Site, name: string): Promise<readonly Value[]> {
  try {
    return await ownValues(await siteIn(site, site.written, name));
  } catch (error) {
    if (error instanceof Failure && closed.has(error.code)) return [];
    throw error;
  }
}

const closed = new Set([
  ...['SUPABASE_TOKEN_MISSING', 'SUPABASE_UNAUTHENTICATED', 'SUPABASE_DENIED'],
  ...['GOOGLE_DENIED', 'GOOGLE_UNAUTHENTICATED', 'GOOGLE_NOT_FOUND', 'GOOGLE_API_OFF'],
]);

function lineOf(name: string, { own, other }: ReturnType<typeof sharedValues>[number]): string {
  return own === other ? `${own} is ${name}'s too` : `${own} is ${other} of ${name}`;
}
