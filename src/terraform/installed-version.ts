import { z } from 'zod';
import { terraformBinary } from './binary.ts';

const Version = z.object({ terraform_version: z.string() });

let asked: Promise<string> | undefined;

/** The version of the Terraform on this machine, asked once per process; rejects where it does not start. */
export async function installedTerraform(): Promise<string> {
  return (asked ??= ask());
}

async function ask(): Promise<string> {
  const env = { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' };
  const { execa } = await import('execa');
  const { stdout } = await execa(terraformBinary(), ['version', '-json'], { env });
  return Version.parse(JSON.parse(stdout)).terraform_version;
}
