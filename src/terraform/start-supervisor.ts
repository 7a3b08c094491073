import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { programModule } from '../program-files.ts';
import type { TerraformPlace } from './place.ts';

export interface SupervisorStart {
  readonly runDir: string;
  readonly place: TerraformPlace;
  readonly argv: readonly string[];
  readonly graceMs: number;
}

const program = programModule('src/terraform/supervisor');

/** Starts a supervisor in a session of its own; credentials reach it by environment, never by file. */
export function startSupervisor({ runDir, place, argv, graceMs }: SupervisorStart): ChildProcess {
  const words = [program, runDir, String(graceMs), place.binary, ...argv];
  const child = spawn(process.execPath, words, {
    cwd: place.stackDir,
    env: place.env,
    detached: true,
    stdio: 'ignore',
  });
  child.on('error', () => undefined); // shows as a supervisor that never began
  child.unref();
  return child;
}
