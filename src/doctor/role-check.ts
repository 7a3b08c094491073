import type { GoogleAccess, Waiting } from '../gcp/access.ts';
import { projectPermissions } from '../gcp/project-permissions.ts';
import { tokenCreation, tokenPermissions } from '../gcp/token-creation.ts';
import type { Site } from '../site.ts';
import { deployPermissions, roleFor } from './deploy-permissions.ts';
import type { Finding } from './examine.ts';

/** Whether who deploys may do what a deploy does, or the roles that bring what is missing. */
export async function permissions(site: Site, signal: AbortSignal): Promise<Finding> {
  const has = new Set(await projectPermissions(site.google, deployPermissions, { signal }));
  const lacks = deployPermissions.filter((one) => !has.has(one));
  if (lacks.length === 0) return { state: 'ok', says: 'may do all that a deploy does' };
  const others = lacks.filter((one) => !aboutTokens.has(one));
  if (others.length === 0 && (await isSpreading(site.google, { signal })))
    return {
      state: 'warning',
      says: 'the grant that makes tokens of service accounts has not spread yet',
      fix: 'Wait some minutes; a deploy that begins now waits by itself.',
    };
  return missing(site, lacks, others.length === 0);
}

const aboutTokens: ReadonlySet<string> = new Set(tokenPermissions);

/** A refusal looks the same where nothing was granted and where it was a moment ago: the policy tells. */
async function isSpreading(google: GoogleAccess, waiting: Waiting): Promise<boolean> {
  const found = await tokenCreation(google, waiting).catch(() => 'missing');
  return found !== 'missing';
}

async function missing(
  { google, name, caller }: Site,
  lacks: readonly string[],
  tokensAlone: boolean,
): Promise<Finding> {
  const roles = [...new Set(lacks.map(roleFor))];
  const grants = roles.map(
    (role) =>
      `\`gcloud projects add-iam-policy-binding ${google.project} --member MEMBER --role ${role}\``,
  );
  const by = tokensAlone ? `\`windlass bootstrap -e ${name}\`; or as` : 'As';
  return {
    state: 'missing',
    says: `${(await caller()).name} lacks ${lacks.join(', ')}`,
    fix: `${by} an owner of the project, with MEMBER = user:… or serviceAccount:…: ${grants.join('; ')}.`,
  };
}
