import { expect, it } from 'vitest';
import { noBuilder, refuseBare } from '../../src/images/refuse-unbuildable.ts';

it('every service without an image is named in one refusal, with the line that mends it', () => {
  const refusal = { code: 'IMAGE_NOT_STARTABLE', what: expect.stringContaining('for door, users') };
  expect(() => refuseBare('live', ['door', 'users'])).toThrow(
    expect.objectContaining({ ...refusal, fix: expect.stringContaining('`services.door.image: ') }),
  );
});

it('no service is no reason to refuse anything', () => {
  expect(() => refuseBare('live', [])).not.toThrow();
});

it('a machine without a builder is told what to install', () => {
  const { code, fix, why } = noBuilder('live', ['door']);
  expect({ code, why }).toMatchObject({ code: 'IMAGE_NOT_STARTABLE' });
  expect(why).toContain('podman');
  expect(fix).toContain('`services.door.image: ');
});
