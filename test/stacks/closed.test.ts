import { describe, expect, it } from 'vitest';
import { Config } from '../../src/config/config.ts';
import { whileClosed } from '../../src/stacks/closed.ts';

const parse = (value: unknown) => Config.shape.services.parse(value);
const openOf = (services: ReturnType<typeof parse>) =>
  Object.keys(services).filter((name) => services[name]?.public);

const gateway = { source: 'gateway', public: true };
const front = { source: 'front', public: true };
const meals = { source: 'meals' };

describe('while a service is closed', () => {
  it('not callable by anyone', () => {
    expect(openOf(whileClosed(parse({ gateway, meals }), {}, ['gateway']))).toEqual([]);
  });

  it('another public one stays open', () => {
    const both = parse({ front, gateway, meals });
    expect(openOf(whileClosed(both, parse({ gateway, meals }), ['front']))).toEqual(['gateway']);
  });

  it('everybody may go on calling what was open before it', () => {
    const before = parse({ gateway, meals });
    const now = parse({ front, gateway: { source: 'gateway' }, meals });
    expect(openOf(whileClosed(now, before, ['front']))).toEqual(['gateway']);
  });
});

it('where nothing is closed all is as declared', () => {
  const before = parse({ gateway });
  const now = parse({ gateway: { source: 'gateway' } });
  expect(whileClosed(now, before, [])).toBe(now);
});
