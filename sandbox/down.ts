import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endRecorded } from './life/end.ts';
import { inTurn } from './life/lock.ts';
import { reportFailure } from './life/report.ts';
import { defaultHome } from './life/up-options.ts';
import { endStaleContainers } from './run/containers/stale-containers.ts';
import { endStaleProcesses } from './run/stale-processes.ts';
import { openWorld } from './world.ts';

/** Ends the processes of a home by their recorded ids and prints which of them ran. */
export async function down(home: string): Promise<void> {
  const names = ['server', 'temporal'];
  const ran = await Promise.all(names.map((name) => endRecorded(home, name)));
  if (existsSync(join(home, 'world'))) endOrphans(join(home, 'world'));
  const ended = names.filter((_, index) => ran[index] === true);
  process.stdout.write(`${JSON.stringify({ home, ended })}\n`);
}

// Services outlive a server that was killed, and one that was made as it ended; Supabase's processes do not.
function endOrphans(folder: string): void {
  const world = openWorld(folder);
  endStaleProcesses(world);
  endStaleContainers(world);
  world.close();
}

try {
  const { values } = parseArgs({ options: { home: { type: 'string' } } });
  const home = resolve(values.home ?? defaultHome());
  // What fills a disk may be the sandbox itself: it must be possible to end it.
  await inTurn(home, () => down(home), { evenFull: true });
} catch (error) {
  process.exitCode = reportFailure(error);
}
