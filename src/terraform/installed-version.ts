import { z } from 'zod';
import { ownVariables } from '../own-variables.ts';
import { terraformBinary } from './binary.ts';

const Version = z.object({ terraform_version: z.string() });

let asked: Promise<string> | undefined;

/** The version of the Terraform on this machine, asked once per process; rejects where it does not start. */
export async function installedTerraform(): Promise<string> {
  return (asked ??= ask());
}

async function ask(): Promise<string> {
  const env = { ...ownVariables(), CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' };
  const { execa } = await import('execa');
  const argv = ['version', '-json'];
  const { stdout } = await execa(terraformBinary(), argv, { env, extendEnv: false });
  return Version.parse(JSON.parse(stdout)).terraform_version;
}
