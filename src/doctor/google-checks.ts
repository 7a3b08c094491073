import { held } from '../held.ts';
import { bucketOwner, readGoogleProject } from '../gcp/project.ts';
import type { Site } from '../site.ts';
import { apis } from './api-check.ts';
import type { Check, Finding } from './examine.ts';
import { permissions } from './role-check.ts';

/** What Google says of the credential, the project and what lies in it. */
export function googleChecks(site: Site): readonly Check[] {
  let asked: ReturnType<typeof readGoogleProject> | undefined;
  const found = (signal: AbortSignal) =>
    (asked ??= held(readGoogleProject(site.google, { signal })));
  const bucketIs = async (name: string, signal: AbortSignal) =>
    bucket(site, name, { signal, own: async () => (await found(signal)).projectNumber });
  return [
    { id: 'google credential', look: () => credential(site) },
    { id: 'google project', look: async (signal) => project(await found(signal)) },
    { id: 'google apis', look: (signal) => apis(site, signal) },
    { id: 'google roles', look: (signal) => permissions(site, signal) },
    { id: 'state bucket', look: (signal) => bucketIs(site.stateBucket, signal) },
    { id: 'release bucket', look: (signal) => bucketIs(site.releaseBucket, signal) },
    { id: 'budget', look: async () => budget(site) },
  ];
}

async function credential({ caller }: Site): Promise<Finding> {
  const { name, how } = await caller();
  return { state: 'ok', says: how === 'os-user' ? `${name}, the system's user` : name };
}

type GoogleProject = Awaited<ReturnType<typeof readGoogleProject>>;

function project({ projectId, projectNumber, lifecycleState }: GoogleProject): Finding {
  if (lifecycleState === 'ACTIVE')
    return { state: 'ok', says: `${projectId} (number ${projectNumber})` };
  return {
    state: 'missing',
    says: `${projectId} is ${lifecycleState}`,
    fix: `\`gcloud projects undelete ${projectId}\`, or name another project in windlass.yaml.`,
  };
}

interface Asked {
  readonly signal: AbortSignal;
  /** The number of the environment's own project. */
  readonly own: () => Promise<string>;
}

async function bucket({ google, ...site }: Site, name: string, { signal, own }: Asked) {
  const owner = await bucketOwner(google, name, { signal });
  if (owner === undefined)
    return { state: 'ok', says: `${name} is not there yet; a deploy makes it` } as const;
  const apart = site.environment.backup.project !== undefined && name === site.releaseBucket;
  if (apart || owner === (await own())) return { state: 'ok', says: name } as const;
  return {
    state: 'missing',
    says: `${name} belongs to another project (number ${owner})`,
    fix: 'Bucket names are global: choose another `project`, or `backup.bucket`, in windlass.yaml.',
  } as const;
}

function budget({ environment }: Site): Finding {
  const { billingAccount, budgetEmail } = environment;
  if (billingAccount === undefined)
    return {
      state: 'warning',
      says: 'no budget: nobody is told when the cost rises',
      fix: 'Name `billingAccount` (and `budgetEmail`) in windlass.yaml.',
    };
  const told = budgetEmail === undefined ? 'the billing account’s admins are' : `${budgetEmail} is`;
  return { state: 'ok', says: `of ${billingAccount}; ${told} told` };
}
