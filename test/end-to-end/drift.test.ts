import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { callGoogle } from '../../src/gcp/call.ts';
import type { Site } from '../../src/site.ts';
import { callSupabase } from '../../src/supabase/client.ts';
import { disableVersion, newestEnabled } from '../../src/gcp/secrets.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { refOf, sql } from './losses.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
});

afterAll(async () => {
  await rig.close();
});

it('finds nothing after a deploy', async () => {
  const ended = await rig.windlass('drift', '-e', 'production');
  expect(ended.exitCode, ended.all).toBe(0);
  expect(ended.stdout).toBe('');
});

it('finds everything that was changed by hand in one run, each with its owner', async () => {
  const site = await rig.site();
  await editByHand(site, 'habits');
  await openToAll(site, 'journal');
  await sql(site, 'alter table agent.suggestions disable row level security');
  await expireSooner(site);
  const secret = 'agent-model-key';
  const version = Number(await newestEnabled(site.google, secret));
  await disableVersion(site.google, { secret, version });
  await rig.windlass('sandbox', 'fault', 'services', 'meals');
  await remakeRevision(site, 'meals');
  const ended = await rig.windlass('drift', '-e', 'production', '--json');
  expect(ended.exitCode, ended.all).toBe(7);
  const findings = Findings.parse(JSON.parse(ended.stdout));
  const one = (source: string, what: RegExp) =>
    findings.find((finding) => finding.source === source && what.test(finding.what));
  expect(
    one('state', /habits.*: template\.containers\.env\[BY_HAND\]\.value is .*, was unset/)?.next,
  ).toContain('puts it back');
  expect(one('live', /^journal: allUsers may call it/)?.next).toContain('leaves it');
  expect(one('supabase', /^agent\.suggestions: row-security-off/)?.owner).toContain('agent');
  expect(one('supabase', /^jwt_exp: 3600 -> 86400/)?.next).toBe('sets it back');
  expect(one('live', /^meals: its newest revision .* failed/)).toBeDefined();
  const unreadable = one('live', /^agent: version 1 of the secret agent-model-key is disabled/);
  const [, typed = ''] = /`windlass (.+)`/.exec(unreadable?.next ?? '') ?? [];
  const enabled = await rig.windlass(...typed.split(' '));
  expect(enabled.exitCode, enabled.all).toBe(0);
  expect(await newestEnabled(site.google, secret)).toBe(version);
  for (const { since } of findings) expect(since).toMatch(/^r-[0-9a-f]{12}, ledger entry 1$/);
});

const Findings = z.array(
  z.object({
    source: z.string(),
    what: z.string(),
    since: z.string(),
    owner: z.string(),
    next: z.string(),
  }),
);

const Template = z.looseObject({ containers: z.array(z.looseObject({})) });
const Service = z.looseObject({ template: Template });

/** An environment variable more, as somebody in the console would add it. */
async function editByHand(site: Site, name: string): Promise<void> {
  const { template } = await read(site, name);
  const containers = template.containers.map((one) => ({
    ...one,
    env: [{ name: 'BY_HAND', value: 'yes' }],
  }));
  await patch(site, name, { ...template, containers });
}

/** A revision of the same content under a name of its own. */
async function remakeRevision(site: Site, name: string): Promise<void> {
  const { template } = await read(site, name);
  await patch(site, name, { ...template, revision: `${name}-by-hand` });
}

async function openToAll(site: Site, name: string): Promise<void> {
  const binding = { role: 'roles/run.invoker', members: ['allUsers'] };
  const url = `${urlOf(site, name)}:setIamPolicy`;
  const body = { policy: { bindings: [binding] } };
  await callGoogle(site.google, { action: 'open', method: 'POST', url, body, answer: z.unknown() });
}

async function expireSooner(site: Site): Promise<void> {
  const path = `/projects/${await refOf(site)}/config/auth`;
  const body = { jwt_exp: 3600 };
  const call = { action: 'edit', method: 'PATCH', path, body, answer: z.unknown() } as const;
  await callSupabase(site.supabase, call);
}

async function read(site: Site, name: string) {
  return callGoogle(site.google, { action: 'read', url: urlOf(site, name), answer: Service });
}

async function patch(site: Site, name: string, template: object): Promise<void> {
  const url = `${urlOf(site, name)}?updateMask=template`;
  const body = { template };
  await callGoogle(site.google, {
    ...({ action: 'edit', method: 'PATCH', url, body, answer: z.unknown() } as const),
  });
}

function urlOf({ google }: Site, name: string): string {
  const { endpoints, project, region } = google;
  return `${endpoints.run}/v2/projects/${project}/locations/${region}/services/${name}`;
}
