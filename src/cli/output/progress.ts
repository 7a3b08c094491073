import type { Feed } from '../feed.ts';
import { showLines } from './lines.ts';
import { showTasks } from './tasks.ts';

/** Shows a run's progress: a live list on a terminal, one line per event elsewhere. */
export async function showProgress(feed: Feed): Promise<void> {
  const terminal = process.stderr.isTTY && (process.stderr.columns ?? 0) > 20;
  await (terminal && process.env['TERM'] !== 'dumb' ? showTasks(feed) : showLines(feed));
}
