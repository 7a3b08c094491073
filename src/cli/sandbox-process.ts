import { resolve } from 'node:path';
import { z } from 'zod';
import { sandboxHome } from '../address-book.ts';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { loweredWalls } from '../config/walls.ts';
import { drillEnvironment } from '../drills/drill-site.ts';
import type { Place } from '../endpoints.ts';
import { Failure } from '../failure.ts';
import { programModule } from '../program-files.ts';
import { say } from './output/say.ts';

const Refusal = z.object({
  failure: z.object({ code: z.string(), what: z.string(), why: z.string(), fix: z.string() }),
});

const Notices = z.object({ notices: z.string().array() });

/** Starts what of the sandbox does not run yet, and bootstraps its projects; fast when all of it is done. */
export async function sandboxUp(place: Place, config: Config): Promise<void> {
  if (isOfAnother(place)) return;
  const { apiPort, temporalPort, uiPort, walls } = config.sandbox;
  const declared = Object.values(config.environments);
  const environments = [...declared, ...declared.map(drillEnvironment)];
  await tell(place, 'up', [
    ...flag('--api-port', apiPort),
    ...flag('--temporal-port', temporalPort),
    ...flag('--ui-port', uiPort),
    ...outsideTemporal(),
    ...loweredWalls(walls).flatMap((name) => ['--wall-off', name]),
    ...environments.filter(({ target }) => target === 'sandbox').flatMap(ownersOf),
  ]);
  const { bootstrapByItself } = await import('../bootstrap/by-itself.ts'); // large, and not for `down`
  await bootstrapByItself(place, config, say);
}

/** What only people make in the clouds: Google's projects and Supabase's organizations. */
function ownersOf({ project, backup, supabase }: Environment): readonly string[] {
  return [
    ...['--project', project],
    ...flag('--project', backup.project),
    ...['--organization', supabase.organization],
  ];
}

/** Ends all processes of the sandbox; its world stays on disk. */
export async function sandboxDown(place: Place): Promise<void> {
  if (isOfAnother(place)) return;
  return tell(place, 'down', []);
}

/** Whoever started it starts and ends it. */
function isOfAnother({ home }: Place): boolean {
  return sandboxHome(home) !== resolve(home);
}

function outsideTemporal(): readonly string[] {
  const address = process.env['TEMPORAL_ADDRESS'];
  if (address === undefined) return [];
  const ui = process.env['WINDLASS_TEMPORAL_UI'];
  return ['--no-temporal', '--temporal-address', address, ...flag('--temporal-ui', ui)];
}

function flag(name: string, value: number | string | undefined): readonly string[] {
  return value === undefined ? [] : [name, String(value)];
}

async function tell({ home }: Place, verb: string, options: readonly string[]): Promise<void> {
  const argv = [programModule(`sandbox/${verb}`), '--home', home, ...options];
  const { execa } = await import('execa');
  const ended = await execa(process.execPath, argv, { reject: false });
  if (ended.exitCode === 0) {
    for (const notice of Notices.safeParse(lastJson(ended.stdout)).data?.notices ?? []) say(notice);
    return;
  }
  const refusal = Refusal.safeParse(lastJson(ended.stdout));
  if (refusal.success) throw new Failure(refusal.data.failure);
  throw new Failure({
    code: 'SANDBOX_FAILED',
    what: `The sandbox did not go ${verb}`,
    why: ended.stderr.split('\n').slice(-5).join('\n') || `exit code ${ended.exitCode}`,
    fix: `Check the logs in ${home}/log.`,
  });
}

function lastJson(text: string): unknown {
  try {
    return JSON.parse(text.trim().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}
