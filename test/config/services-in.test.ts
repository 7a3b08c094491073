import { expect, it } from 'vitest';
import { configIn, servicesIn } from '../../src/config/services-in.ts';
import { Config } from '../../src/config/config.ts';

const environment = (name: string, services?: object) => ({
  project: `shop-${name}`,
  supabase: {
    ...{ organization: `shop-${name}`, project: `shop-${name}` },
    settings: {
      ...{ jwt_exp: 3600, mailer_autoconfirm: false, uri_allow_list: '' },
      site_url: `https://${name}.example.org`,
    },
  },
  ...(services && { services }),
});

const config = Config.parse({
  name: 'shop',
  services: {
    api: {
      source: 'api',
      max: 4,
      env: { LEVEL: 'info', SIZE: '1' },
      secrets: { key: 'generated' },
    },
    web: { source: 'web', public: true },
  },
  environments: {
    production: environment('production', {
      api: {
        min: 2,
        max: 9,
        cpu: 2,
        env: { LEVEL: 'warn', MORE: 'x' },
        secrets: { two: 'generated' },
      },
    }),
    staging: environment('staging'),
  },
});

it('what an environment says for itself counts there, variable by variable, and nowhere else', () => {
  const { api, web } = servicesIn(config, 'production');
  expect(api).toMatchObject({ min: 2, max: 9, cpu: 2, memory: '512Mi' });
  expect(api?.env).toEqual({ LEVEL: 'warn', SIZE: '1', MORE: 'x' });
  expect(api?.secrets).toEqual({ key: 'generated', two: 'generated' });
  expect(web).toEqual(config.services['web']);
  expect(servicesIn(config, 'staging')).toBe(config.services);
});

it('a drill has the services of the environment that it is for', () => {
  expect(servicesIn(config, 'production-drill')).toEqual(servicesIn(config, 'production'));
});

it('doing it twice changes nothing more', () => {
  const once = configIn(config, 'production');
  expect(configIn(once, 'production')).toEqual(once);
});

it('without values of its own a release is, byte for byte, what it was', () => {
  const { production: _own, ...others } = config.environments;
  const written = { ...config, environments: others };
  expect(JSON.stringify(configIn(written, 'staging'))).toBe(JSON.stringify(written));
});
