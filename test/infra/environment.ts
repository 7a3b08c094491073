import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { estimateCost } from '../../infra/policy/cost.ts';
import { gate } from '../../infra/policy/gate.ts';
import { serveProvider } from '../../sandbox/provider/serve.ts';
import { apply } from '../../src/terraform/apply.ts';
import { terraformEnvironment } from '../../src/terraform/environment.ts';
import { init } from '../../src/terraform/init.ts';
import { plan } from '../../src/terraform/plan.ts';
import { show } from '../../src/terraform/show.ts';
import { summarizePlan } from '../../src/terraform/summary.ts';
import type { PlanOptions, SavedPlan } from '../../src/terraform/plan.ts';
import type { TerraformPlace } from '../../src/terraform/place.ts';
import { endpoints } from '../sandbox/provider/terraform.ts';
import { openCloud } from '../sandbox/run/cloud.ts';

const infra = fileURLToPath(new URL('../../infra', import.meta.url));

/** A cloud of the test's own, and the real stacks at work on it with the real backend. */
export async function openEnvironment() {
  const cloud = await openCloud();
  const folder = await mkdtemp(join(tmpdir(), 'windlass-stacks-'));
  await cp(infra, join(folder, 'infra'), { recursive: true });
  const doors = { ...endpoints(cloud.door.url), GOOGLE_OAUTH_ACCESS_TOKEN: cloud.token };
  const provider = await serveProvider({ socket: join(folder, 'p.sock'), env: doors });
  await cloud.call('POST', '/storage/v1/b?project=demo-prod', { name: 'demo-prod-state' });
  const terraformEnv = { ...doors, TF_REATTACH_PROVIDERS: provider.reattach };

  /** Makes a stack ready to plan with these variables. */
  async function stack(name: string) {
    const dataDir = join(folder, `data-${name}`);
    await mkdir(dataDir);
    const place: TerraformPlace = {
      binary: 'terraform',
      stackDir: join(folder, 'infra', 'stacks', name),
      env: terraformEnvironment(process.env, dataDir, terraformEnv),
    };
    await init(place, { bucket: 'demo-prod-state', prefix: name });
    return stackAt(place, join(folder, name));
  }

  return {
    ...{ cloud, folder, terraformEnv, stack },
    async [Symbol.asyncDispose]() {
      await provider.close();
      await cloud[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A ready stack: plan it, apply a plan, or both. */
export function stackAt(place: TerraformPlace, folder: string) {
  let runs = 0;
  const runDir = (): string => `${folder}-run-${(runs += 1)}`;

  /** Plans, and says what a reviewer would see. */
  async function planned(variables: object, mode?: PlanOptions['mode']) {
    const dir = runDir();
    await mkdir(dir);
    const varFile = join(dir, 'release.tfvars.json');
    await writeFile(varFile, JSON.stringify(variables));
    const options = { out: join(dir, 'saved.tfplan'), varFile };
    const saved = await plan(place, mode ? { ...options, mode } : options, { runDir: dir });
    const shown = await show(place, saved.file);
    const cost = estimateCost(shown);
    const summary = summarizePlan(shown, {
      stack: '',
      sha256: saved.sha256,
      fixedMonthlyUsd: cost.fixed,
    });
    return { saved, cost, summary, violations: gate(shown, context) };
  }

  return {
    ...{ place, planned, applied: (saved: SavedPlan) => apply(place, saved, { runDir: runDir() }) },
    async converge(variables: object) {
      const { saved } = await planned(variables);
      if (!saved.empty) await apply(place, saved, { runDir: runDir() });
    },
  };
}

const context = {
  project: 'demo-prod',
  regions: ['us-central1'],
  gateways: ['gateway', 'admin'],
  production: true,
};
