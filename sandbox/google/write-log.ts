import { appendFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { World } from '../world.ts';

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Notes a call that changed something, in the order in which the changes were made: a line of JSON
 * in `writes.ndjson`, as an audit log has it. `by` is the run that the user agent names, if any.
 */
export function logWrite(world: World, request: IncomingMessage, status: number): void {
  const { method = 'GET', url = '/', headers } = request;
  if (reads.has(method) || status >= 300 || url.startsWith('/_sandbox')) return;
  const by = /windlass\/([\w-]+)/.exec(headers['user-agent'] ?? '')?.[1] ?? '';
  const line = { at: world.now().toISOString(), by, method, path: decodeURIComponent(url) };
  appendFileSync(join(world.folder, 'writes.ndjson'), `${JSON.stringify(line)}\n`);
}
