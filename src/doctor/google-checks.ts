import { held } from '../held.ts';
import { enabledApis } from '../gcp/enabled-apis.ts';
import { bucketOwner, readGoogleProject } from '../gcp/project.ts';
import { projectPermissions } from '../gcp/project-permissions.ts';
import type { Site } from '../site.ts';
import { deployPermissions, roleFor } from './deploy-permissions.ts';
import type { Check, Finding } from './examine.ts';

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

/** Terraform switches the others on by itself; without these two it can do nothing. */
const firstApis = ['serviceusage.googleapis.com', 'cloudresourcemanager.googleapis.com'];

async function apis({ google, environment, name }: Site, signal: AbortSignal): Promise<Finding> {
  const on = await enabledApis(google, { signal });
  const off = firstApis.filter((api) => !on.includes(api));
  if (off.length === 0 || environment.target === 'sandbox')
    return { state: 'ok', says: `${on.length} on; a deploy switches on what it needs` };
  return {
    state: 'missing',
    says: `${off.join(', ')} ${off.length === 1 ? 'is' : 'are'} off`,
    fix: `\`windlass bootstrap -e ${name}\`, or \`gcloud services enable ${off.join(' ')} --project ${google.project}\`; it takes some minutes to spread.`,
  };
}

async function permissions({ google, ...site }: Site, signal: AbortSignal): Promise<Finding> {
  const has = new Set(await projectPermissions(google, deployPermissions, { signal }));
  const lacks = deployPermissions.filter((one) => !has.has(one));
  if (lacks.length === 0) return { state: 'ok', says: 'may do all that a deploy does' };
  const roles = [...new Set(lacks.map(roleFor))];
  const { name } = await site.caller();
  const grants = roles.map(
    (role) =>
      `\`gcloud projects add-iam-policy-binding ${google.project} --member MEMBER --role ${role}\``,
  );
  return {
    state: 'missing',
    says: `${name} lacks ${lacks.join(', ')}`,
    fix: `As an owner of the project, with MEMBER = user:… or serviceAccount:…: ${grants.join('; ')}.`,
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
