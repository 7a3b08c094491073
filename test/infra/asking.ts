import type { Cloud } from '../sandbox/run/cloud.ts';

/** What the services of a cloud answer, and the hand on their traffic. */
export function asking(cloud: () => Pick<Cloud, 'call' | 'done'>) {
  const pathOf = (service: string): string =>
    `/v2/projects/demo-prod/locations/us-central1/services/${service}`;

  async function promote(service: string): Promise<void> {
    const { body } = await cloud().call('GET', pathOf(service));
    const revision = String(body.latestReadyRevision).split('/').at(-1);
    const traffic = [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision, percent: 100 }];
    const path = `${pathOf(service)}?updateMask=traffic`;
    const { body: ended } = await cloud().done('PATCH', path, { traffic });
    if (ended.error !== undefined) throw new Error(JSON.stringify(ended.error));
  }

  const uri = async (service: string): Promise<string> =>
    String((await cloud().call('GET', pathOf(service))).body.uri);

  const say = async (url: string): Promise<string> => (await fetch(url)).text();

  async function sayAs(account: string, url: string, audience = url): Promise<string> {
    const email = `${account}@demo-prod.iam.gserviceaccount.com`;
    const path = `/v1/projects/-/serviceAccounts/${email}:generateIdToken`;
    const { body } = await cloud().call('POST', path, { audience });
    return (await fetch(url, { headers: { authorization: `Bearer ${body.token}` } })).text();
  }

  return { promote, uri, say, sayAs };
}
