import { foreseeDrill } from '../drills/foresee-drill.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { confirm } from './confirm.ts';
import { say } from './output/say.ts';

/**
 * Shows what a drill destroys, and asks. Without a terminal the word is `--yes`, unless nothing stands
 * in its place: then it destroys only what it makes itself. NOT_CONFIRMED where nobody agrees.
 */
export async function confirmDrill(site: Site, scratch: Site, yes: boolean): Promise<void> {
  const { own, standing } = await foreseeDrill(site, scratch);
  const { project } = scratch.environment;
  say(`The drill recovers into ${project} and destroys at its end:`);
  for (const line of own) say(`  ${line}`);
  if (standing.length > 0) say('It destroys first what an earlier drill left there:');
  for (const line of standing) say(`  ${line}`);
  if (yes || (!process.stdin.isTTY && standing.length === 0)) return;
  if (process.stdin.isTTY) return confirm(scratch.name, false);
  throw new Failure({
    code: 'NOT_CONFIRMED',
    what: 'Nothing was done',
    why: `${standing.length} resources of an earlier drill stand in ${project}, and stdin is not a terminal that could be asked`,
    fix: 'Run the drill with `--yes` when all that is listed may go.',
  });
}
