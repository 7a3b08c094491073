import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endRecorded } from './life/end.ts';
import { inTurn } from './life/lock.ts';
import { reportFailure } from './life/report.ts';
import { defaultHome } from './life/up-options.ts';

/** Ends the processes of a home by their recorded ids and prints which of them ran. */
export async function down(home: string): Promise<void> {
  const names = ['server', 'temporal'];
  const ran = await Promise.all(names.map((name) => endRecorded(home, name)));
  const ended = names.filter((_, index) => ran[index] === true);
  process.stdout.write(`${JSON.stringify({ home, ended })}\n`);
}

try {
  const { values } = parseArgs({ options: { home: { type: 'string' } } });
  const home = resolve(values.home ?? defaultHome());
  await inTurn(home, () => down(home));
} catch (error) {
  process.exitCode = reportFailure(error);
}
