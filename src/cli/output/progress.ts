import type { Feed } from '../feed.ts';
import { showLines } from './lines.ts';

/** Shows a run's progress: a live list on a terminal, one line per event elsewhere. */
export async function showProgress(feed: Feed): Promise<void> {
  const terminal = process.stderr.isTTY && (process.stderr.columns ?? 0) > 20;
  if (!terminal || process.env['TERM'] === 'dumb') return showLines(feed);
  const { showTasks } = await import('./tasks.ts');
  await showTasks(feed);
}
