import { Failure } from '../failure.ts';
import { terraformBinary } from '../terraform/binary.ts';
import { installedTerraform } from '../terraform/installed-version.ts';

const oldestNode = 24;
const oldestTerraform = [1, 11] as const; // write-only arguments

/** Checks this machine and its tools; a Failure says what is not supported, missing or too old. */
export async function preflight(
  node: string = process.versions.node,
  platform: string = process.platform,
): Promise<void> {
  if (platform !== 'linux')
    throw new Failure({
      code: 'SYSTEM_UNSUPPORTED',
      what: `Windlass does not run on ${platform}`,
      why: 'it was tested on Linux alone (x86_64 and aarch64)',
      fix: 'Use a Linux machine or a container; on Windows WSL2, on macOS a Linux VM.',
    });
  if (Number(node.split('.')[0]) < oldestNode)
    throw new Failure({
      code: 'NODE_TOO_OLD',
      what: `Node ${node} is too old`,
      why: `Windlass needs Node ${oldestNode} or newer`,
      fix: 'Run it through `make` or `bin/windlass`: both use the pinned Node.',
    });
  const version = await terraformVersion();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldestTerraform[0] || (major === oldestTerraform[0] && minor >= oldestTerraform[1]))
    return;
  throw new Failure({
    code: 'TERRAFORM_TOO_OLD',
    what: `Terraform ${version} is too old`,
    why: 'the stacks need write-only arguments, which came with 1.11',
    fix: 'Install Terraform 1.11 or newer and put it on PATH.',
  });
}

async function terraformVersion(): Promise<string> {
  try {
    return await installedTerraform();
  } catch (cause) {
    throw new Failure({
      code: 'TERRAFORM_MISSING',
      what: 'Terraform cannot be started',
      why: `there is no working \`${terraformBinary()}\` on PATH`,
      fix: 'Install Terraform 1.11 or newer, or name its path in WINDLASS_TERRAFORM.',
      cause,
    });
  }
}
