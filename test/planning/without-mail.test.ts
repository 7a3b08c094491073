import { afterAll, beforeAll, expect, test } from 'vitest';
import { checksOf } from '../../src/doctor/checks.ts';
import { examine } from '../../src/doctor/examine.ts';
import { withoutMail } from '../../src/planning/without-mail.ts';
import type { Site } from '../../src/site.ts';
import { openTwoClouds, type TwoClouds } from '../environments/two-clouds.ts';
import { mailServer } from '../sandbox/supabase/stand-in.ts';

let clouds: TwoClouds;
beforeAll(async () => {
  clouds = await openTwoClouds();
});
afterAll(() => clouds.close());

/** The sample without its mail server. */
function bare(): Site {
  const { supabase } = clouds.site.environment;
  const { jwt_exp, mailer_autoconfirm, site_url, uri_allow_list } = supabase.settings;
  return settled({ jwt_exp, mailer_autoconfirm, site_url, uri_allow_list });
}

function settled(settings: Site['environment']['supabase']['settings']): Site {
  const { environment } = clouds.site;
  const supabase = { ...environment.supabase, settings };
  return { ...clouds.site, environment: { ...environment, supabase } };
}

async function doctor(site: Site) {
  const [found] = await examine(checksOf(site).filter(({ id }) => id === 'mails'));
  return found?.state;
}

test('who asks for confirmed addresses and states no mail server is warned', async () => {
  expect((await withoutMail(bare())).join('\n')).toMatch(/2 mails an hour[^]*smtpPasswordFile/);
  expect(await doctor(bare())).toBe('warning');
});

test('who states one, or asks for no confirmation, is not', async () => {
  const open = settled({ ...bare().environment.supabase.settings, mailer_autoconfirm: true });
  for (const site of [clouds.site, open]) {
    expect(await withoutMail(site)).toEqual([]);
    expect(await doctor(site)).toBe('ok');
  }
});

test('nor is who has one in the project that windlass.yaml does not state', async () => {
  const { ref } = await clouds.foreignProject();
  expect(await withoutMail(bare())).not.toEqual([]);
  await clouds.standIn.api('PATCH', `/v1/projects/${ref}/config/auth`, mailServer);
  expect(await withoutMail(bare())).toEqual([]);
  expect(await doctor(bare())).toBe('ok');
});
