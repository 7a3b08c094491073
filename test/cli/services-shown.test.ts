import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servicesShown, trafficText } from '../../src/cli/services-shown.ts';
import type { ShownService } from '../../src/cli/services-shown.ts';
import { configOf } from '../../src/config/read-config.ts';
import { everythingAt } from '../../src/gcp/access.ts';
import type { GoogleAccess } from '../../src/gcp/access.ts';
import { openGoogle, project } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

let door: GoogleDoor;

beforeAll(async () => {
  door = await openGoogle({ run: true });
});

afterAll(async () => {
  await door.close();
});

const config = configOf('name: shown\nservices: {}\nenvironments: {}\n');
const siteAt = (google: GoogleAccess) => ({ google, config, name: 'production' });

const service: ShownService = {
  ...{ name: 'journal', url: 'https://journal', serving: null },
  ...{ traffic: {}, newest: 'journal-2', ready: true },
};

describe('the services of an environment', () => {
  it('are shown as none where there are none', async () => {
    expect(await servicesShown(siteAt(door.access), { deployed: false })).toEqual({
      services: [],
    });
  });

  it('are none where Cloud Run was never on, and unreadable where a release is in force', async () => {
    const services = `/v1/projects/${project}/services/run.googleapis.com`;
    await door.call('POST', `${services}:disable`, {});
    const google = door.access;
    expect(await servicesShown(siteAt(google), { deployed: false })).toEqual({ services: [] });
    expect(await servicesShown(siteAt(google), { deployed: true })).toMatchObject({
      services: [],
      servicesUnreadable: {
        code: 'GOOGLE_API_OFF',
        why: expect.stringContaining('console.developers.google.com/apis/api/run.googleapis.com'),
      },
    });
    await door.call('POST', `${services}:enable`, {});
  });

  it('are never passed over in silence where Google does not tell them', async () => {
    const google = everythingAt(door.access.endpoints.run, {
      ...door.access,
      token: async () => 'nobody',
    });
    expect(await servicesShown(siteAt(google), { deployed: false })).toMatchObject({
      services: [],
      servicesUnreadable: { code: expect.stringMatching(/^GOOGLE_/), fix: expect.any(String) },
    });
  });

  it.each([
    [{ serving: 'journal-1', traffic: { 'journal-1': 100 } }, 'journal-1'],
    [{ traffic: { 'journal-1': 70, 'journal-2': 30 } }, 'journal-1 70 %, journal-2 30 %'],
    [{ traffic: { 'journal-1': 0 } }, 'no traffic'],
  ])('with the traffic %j read %s', (own, text) => {
    expect(trafficText({ ...service, ...own })).toBe(text);
  });
});
