#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodeFor } from './exit-codes.ts';
import { printFailure } from './output/failure.ts';
import { projectPlace } from '../place.ts';
import { useWorkingTemporaryFolder } from './temporary-folder.ts';
import { program } from './program.ts';

// Whoever reads may stop reading: `windlass status | head -1` is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

useWorkingTemporaryFolder(projectPlace().home);

try {
  await (await program(process.argv[2])).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    printFailure(error);
    process.exitCode = exitCodeFor(error);
  }
}
