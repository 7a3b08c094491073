import type { Site } from '../site.ts';
import { look } from './ask.ts';
import { checkAnswer } from './check-answer.ts';
import type { Reach } from './reach.ts';
import { answersByForm, checkReadyByForm } from './ready-by-form.ts';

/** Asks a candidate what its `ready` says; where none is stated its start-up probe was all. */
export async function checkReady(
  site: Pick<Site, 'config' | 'releaseFormat'>,
  reach: Reach,
): Promise<string> {
  if (answersByForm(site)) return checkReadyByForm(site, reach);
  const ready = site.config.services[reach.name]?.ready;
  if (ready === undefined) return `${reach.name}: started, as its start-up probe says`;
  const said = await look(reach, ready.path);
  checkAnswer(said, ready, { what: `${reach.name} is not ready`, reach });
  return `${reach.name}: ready, ${ready.path} answered ${ready.status}`;
}
