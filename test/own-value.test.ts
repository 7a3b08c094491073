import { describe, expect, it } from 'vitest';
import { callIssues } from '../src/config/call-issues.ts';
import { imageNamed } from '../src/config/own-services.ts';
import { environmentOf, readConfig } from '../src/config/read-config.ts';
import { servicesIn } from '../src/config/services-in.ts';
import { smokeIssues } from '../src/config/smoke-issues.ts';
import { SmokeCheck } from '../src/config/smoke.ts';
import { rulesOf } from '../src/identity/rules.ts';
import { ownValue } from '../src/own-value.ts';
import { leaving } from '../src/stacks/alongside.ts';

const inherited = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

it.each(inherited)('a record does not hold %s unless somebody put it there', (name) => {
  expect(ownValue({}, name)).toBeUndefined();
  expect(ownValue(Object.fromEntries([[name, 1]]), name)).toBe(1);
});

describe.each(inherited)('what is called %s and declared nowhere', (name) => {
  it('is no environment', async () => {
    const config = await readConfig('.');
    expect(() => environmentOf(config, name)).toThrow('There is no environment');
    expect(rulesOf(config, name)).toBeUndefined();
    expect(servicesIn(config, name)).toBe(config.services);
  });

  it('is no service', async () => {
    const config = await readConfig('.');
    expect(imageNamed(config, 'production', name)).toBeUndefined();
    const [call] = callIssues({ web: { calls: [name] } });
    expect(call?.message).toContain('unknown service');
    const { gateway } = config.services;
    if (!gateway) throw new Error('the sample has no gateway');
    const before = { ...gateway, secrets: Object.fromEntries([[name, 'generated' as const]]) };
    const services = Object.fromEntries([[name, before]]);
    const gone = leaving(config, { region: config.region, services });
    expect(gone).toEqual({ services: [name], secrets: [`${name}-${name}`] });
  });
});

it('a smoke check of a service that nobody declared is refused, whatever it is called', () => {
  for (const service of ['constructor', 'nowhere']) {
    const check = SmokeCheck.parse({ name: 'a', service, command: ['true'] });
    const [issue] = smokeIssues({ services: {}, smoke: [check] });
    expect(issue?.message).toBe(`is '${service}': no such service`);
  }
});
