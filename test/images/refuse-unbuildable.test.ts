import { expect, it } from 'vitest';
import { refuseUnbuildable } from '../../src/images/refuse-unbuildable.ts';

const region = 'us-central1';
const image = `us-central1-docker.pkg.dev/p/r/x@sha256:${'a'.repeat(64)}`;
const services = {
  door: { source: 'door' },
  meals: { image, source: 'meals' },
  users: { source: 'u' },
};
const at = (target: string) => ({ name: 'live', project: 'p', target });

it('every service without an image is named in one refusal, with the line that mends it', () => {
  const refusal = { code: 'IMAGE_NOT_STARTABLE', what: expect.stringContaining('for door, users') };
  expect(() => refuseUnbuildable(at('cloud'), { region, services })).toThrow(
    expect.objectContaining({ ...refusal, fix: expect.stringContaining('`services.door.image: ') }),
  );
});

it.each([
  ['the sandbox runs folders', 'sandbox', services],
  ['images start in the clouds', 'cloud', { meals: services.meals }],
  ['no services need no image', 'cloud', {}],
])('%s', (_what, target, some) => {
  expect(() => refuseUnbuildable(at(target), { region, services: some })).not.toThrow();
});
