import type { Feed } from '../feed.ts';
import { showLines } from './lines.ts';

/** Whether the screen can show a live tree. */
export function isLive(): boolean {
  const terminal = process.stderr.isTTY && (process.stderr.columns ?? 0) > 20;
  return terminal && process.env['TERM'] !== 'dumb';
}

/** Shows a run's progress: a live tree on a terminal, one line per event elsewhere. */
export async function showProgress(feed: Feed): Promise<void> {
  if (!isLive()) return showLines(feed);
  const { showTasks } = await import('./tasks.ts');
  await showTasks(feed);
}
