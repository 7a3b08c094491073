import { describe, expect, it } from 'vitest';
import { Config } from '../../src/config/config.ts';
import { leaving, withLeaving } from '../../src/stacks/alongside.ts';

const services = Config.shape.services.parse({
  gateway: { source: 'gateway', public: true, calls: ['meals'] },
  meals: { source: 'meals', secrets: { 'database-url': 'database' } },
  habits: { source: 'habits', secrets: { 'database-url': 'database', key: 'generated' } },
});
const { meals: _meals, ...rest } = services;
const habits = { ...rest['habits'], source: 'habits', secrets: { 'database-url': 'database' } };
const now = Config.shape.services.parse({ ...rest, habits });
const placed = (of: typeof services, region = 'us-central1') => ({ region, services: of });

describe('what a release no longer has', () => {
  it('leaves: its services, their secrets, and secrets that nobody reads any more', () => {
    expect(leaving(placed(now), placed(services))).toEqual({
      services: ['meals'],
      secrets: ['meals-database-url', 'habits-key'],
    });
    const nothing = { services: [], secrets: [] };
    expect(leaving(placed(services), placed(services))).toEqual(nothing);
  });

  it('is every service where they go to another region', () => {
    expect(leaving(placed(services, 'europe-west1'), placed(services))).toEqual({
      services: ['gateway', 'meals', 'habits'],
      secrets: [],
      from: 'us-central1',
    });
  });

  it('stays beside the release until the traffic has moved', () => {
    const foundation = withLeaving(now, services, { keepSecrets: true });
    expect(Object.keys(foundation).sort()).toEqual(['gateway', 'habits', 'meals']);
    expect(foundation['habits']?.secrets).toHaveProperty('key');
    const running = withLeaving(now, services, { keepSecrets: false });
    expect(running['habits']?.secrets).not.toHaveProperty('key');
  });

  it('is not public beside another that is', () => {
    const { gateway: _gateway, ...others } = services;
    const front = { source: 'front', public: true };
    const next = Config.shape.services.parse({ ...others, front });
    expect(withLeaving(next, services, { keepSecrets: true })['gateway']?.public).toBe(false);
  });
});
