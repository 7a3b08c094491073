import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { serveProvider } from '../../../sandbox/provider/serve.ts';
import type { Cloud } from '../run/cloud.ts';

export interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** Holds that a run ended with a code, and shows what it printed where it did not. */
export function expectCode(run: Run, code: number): void {
  if (run.code !== code) expect(run).toBe(`a run that ends with ${code}`);
}

/** The provider's settings in every configuration of the tests. */
export const provider = `
terraform {
  required_providers {
    google = { source = "hashicorp/google" }
  }
}
provider "google" {
  project = "demo-prod"
  region  = "us-central1"
  batching {
    enable_batching = false
  }
}
`;

/** Where the products are, for the provider; `origin` is the door or something before it. */
export const endpoints = (origin: string): Readonly<Record<string, string>> => ({
  GOOGLE_CLOUD_RUN_CUSTOM_ENDPOINT: `${origin}/`,
  GOOGLE_CLOUD_RUN_V2_CUSTOM_ENDPOINT: `${origin}/v2/`,
  GOOGLE_MONITORING_CUSTOM_ENDPOINT: `${origin}/`,
  GOOGLE_STORAGE_CUSTOM_ENDPOINT: `${origin}/storage/v1/`,
  ...Object.fromEntries(
    [
      'ARTIFACT_REGISTRY',
      'BILLING_BUDGETS',
      'IAM_BETA',
      'PUBSUB',
      'RESOURCE_MANAGER',
      'SECRET_MANAGER',
      'SERVICE_USAGE',
    ].map((product) => [`GOOGLE_${product}_CUSTOM_ENDPOINT`, `${origin}/v1/`]),
  ),
});

/** A folder in which the real Terraform runs with the stand-in provider against a cloud. */
export async function openWorkspace(cloud: Cloud, origin = cloud.door.url) {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-tf-'));
  const env = { ...endpoints(origin), GOOGLE_OAUTH_ACCESS_TOKEN: cloud.token };
  const served = await serveProvider({ socket: join(folder, 'p.sock'), env });

  const shell = {
    PATH: process.env['PATH'],
    HOME: folder,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    TF_REATTACH_PROVIDERS: served.reattach,
  };
  const terraform = (...args: readonly string[]) => runTerraform(folder, shell, args);
  return {
    folder,
    /** Environment in which Terraform finds the provider. */
    env: shell,
    terraform,
    /** Writes the configuration; what is not in it is no longer wanted. */
    write: (hcl: string) => writeFile(join(folder, 'main.tf'), `${provider}${hcl}`),
    apply: (...args: readonly string[]) =>
      terraform('apply', '-auto-approve', '-input=false', ...args),
    /** Plans; code 0 means that nothing would change, 2 that something would. */
    plan: (...args: readonly string[]) =>
      terraform('plan', '-input=false', '-detailed-exitcode', '-out=plan', ...args),
    /** The planned actions by address. */
    async actions(): Promise<Readonly<Record<string, string>>> {
      const { output } = await terraform('show', '-json', 'plan');
      const shown: PlanView = JSON.parse(output);
      return Object.fromEntries(
        shown.resource_changes.map(({ address, change }) => [
          address,
          `${change.importing === undefined ? '' : 'import '}${change.actions.join('+')}`,
        ]),
      );
    },
    /** The attributes in the state by address. */
    async state(): Promise<Readonly<Record<string, StateResource>>> {
      const state: StateView = JSON.parse(
        await readFile(join(folder, 'terraform.tfstate'), 'utf8'),
      );
      return Object.fromEntries(
        state.resources
          .filter(({ mode }) => mode === 'managed')
          .flatMap(({ type, name, instances }) =>
            instances.map((instance) => [
              `${type}.${name}${instance.index_key === undefined ? '' : `["${instance.index_key}"]`}`,
              instance,
            ]),
          ),
      );
    },
    async [Symbol.asyncDispose]() {
      await served.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type Workspace = Awaited<ReturnType<typeof openWorkspace>>;

interface PlanView {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[]; readonly importing?: object };
  }[];
}

export interface StateResource {
  readonly index_key?: string;
  readonly status?: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads what it expects
  readonly attributes: any;
}

interface StateView {
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly StateResource[];
  }[];
}

function runTerraform(cwd: string, env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Run> {
  const plain = args[0] === 'show' ? args : [...args, '-no-color'];
  return new Promise((resolve, reject) => {
    const child = spawn('terraform', plain, { cwd, env });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
