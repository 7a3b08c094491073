import { apisOff } from '../bootstrap/apis-off.ts';
import { apisFor } from '../bootstrap/needed-apis.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import type { Finding } from './examine.ts';

/** Whether Google answers to the APIs that a deploy calls, or what switches them on. */
export async function apis(site: Site, signal: AbortSignal): Promise<Finding> {
  try {
    const off = await apisOff(site, { signal });
    if (off.length === 0)
      return { state: 'ok', says: `the ${apisFor(site).length} it needs are on` };
    const names = off.map(({ api, project }) =>
      project === site.environment.project ? api : `${api} in ${project}`,
    );
    return {
      state: 'missing',
      says: `${names.join(', ')} ${off.length === 1 ? 'is' : 'are'} off`,
      fix: `\`windlass bootstrap -e ${site.name}\` enables ${off.length === 1 ? 'it' : 'them'}; it takes some minutes to spread.`,
    };
  } catch (error) {
    if (error instanceof Failure && error.code === 'GOOGLE_API_OFF') return unasked(site, error);
    throw error;
  }
}

/** Without Service Usage nobody can say which are on, nor switch one on. */
function unasked({ google, name }: Site, { why }: Failure): Finding {
  const api = 'serviceusage.googleapis.com';
  return {
    state: 'missing',
    says: `${api} is off: ${why}`,
    fix: `\`gcloud services enable ${api} --project ${google.project}\`, then \`windlass bootstrap -e ${name}\`.`,
  };
}
