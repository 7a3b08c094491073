import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terraformEnvironment } from '../../src/terraform/environment.ts';
import { isAlive } from '../../src/terraform/process-identity.ts';
import { readRecord } from '../../src/terraform/run-record.ts';
import { runTerraform } from '../../src/terraform/run.ts';
import type { TerraformPlace } from '../../src/terraform/place.ts';

/** A stack of a test's own, with real Terraform, a local state and no provider to download. */
export interface Workshop {
  readonly place: TerraformPlace;
  readonly runDir: (name: string) => string;
  readonly write: (hcl: string) => Promise<void>;
  /** Ends what still runs, and removes everything. */
  readonly close: () => Promise<void>;
}

export async function workshop(hcl: string): Promise<Workshop> {
  const root = await mkdtemp(join(tmpdir(), 'windlass-terraform-'));
  const stackDir = join(root, 'stack');
  await mkdir(stackDir);
  const env = terraformEnvironment(process.env, join(root, 'data'), {});
  const place = { binary: 'terraform', stackDir, env };
  const write = (text: string) => writeFile(join(stackDir, 'main.tf'), text);
  await write(hcl);
  await runTerraform(place, ['init', '-input=false', '-no-color']);
  const runs = new Set<string>();
  const runDir = (name: string) => {
    runs.add(join(root, 'runs', name));
    return join(root, 'runs', name);
  };
  const close = async () => {
    for (const run of runs) await endRun(run);
    await rm(root, { recursive: true, force: true });
  };
  return { place, runDir, write, close };
}

/** Kills what a run still has running, by its recorded identity. */
export async function endRun(runDir: string): Promise<void> {
  const record = await readRecord(runDir);
  for (const process of record ? [record.supervisor, record.terraform] : []) await kill(process);
}

async function kill(identity: { pid: number; started: string } | undefined): Promise<void> {
  if (identity && (await isAlive(identity))) process.kill(identity.pid, 'SIGKILL');
}
