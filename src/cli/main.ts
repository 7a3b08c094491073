#!/usr/bin/env node
import { CommanderError } from 'commander';
import { keepCompiledCode } from './compile-cache.ts';
import { exitCodeFor } from './exit-codes.ts';
import { printFailure } from './output/failure.ts';
import { keepPulse } from './output/pulse.ts';
import { keepToOurselves } from '../own-umask.ts';
import { placeHere, projectPlace } from '../place.ts';
import { useWorkingTemporaryFolder } from './temporary-folder.ts';
import { program } from './program.ts';

// Whoever reads may stop reading: `windlass status | head -1` is no error, and the command still ends
// with its own code.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') end(error);
});

// Talk that nobody can read any more ends the watching; what goes on elsewhere goes on.
process.stderr.on('error', () => process.exit(process.exitCode ?? 130));

for (const kind of ['uncaughtException', 'unhandledRejection'] as const) process.on(kind, end);

// What these write is the project's own, for everybody who works on it.
const ofTheProject = ['init', 'setup', 'lock'];
if (!ofTheProject.includes(process.argv[2] ?? '')) keepToOurselves();
// What asks neither the clouds nor Temporal for anything.
const alone: ReadonlySet<string> = new Set([...ofTheProject, 'completion', 'complete-line']);
keepCompiledCode();
keepPulse(process.argv[2] ?? 'windlass');
useWorkingTemporaryFolder(placeHere()?.home);

try {
  const root = await program(process.argv[2]);
  // Whatever is asked for needs it; `sandbox up` and `down` see for themselves.
  root.hook('preAction', async (_root, asked) => {
    if (alone.has(asked.name()) || asked.parent?.name() === 'sandbox') return;
    const { reviveSandbox } = await import('./watch-sandbox.ts');
    await reviveSandbox(projectPlace());
  });
  await root.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    printFailure(error);
    process.exitCode = exitCodeFor(error);
  }
}

/** An uncaught error: what a run does elsewhere goes on. */
function end(error: unknown): never {
  printFailure(error);
  process.exit(exitCodeFor(error));
}
