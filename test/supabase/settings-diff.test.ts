import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settingsDiff } from '../../src/supabase/auth-settings.ts';

test('only fields that differ are changes, and fields that nobody wants stay unseen', () => {
  const now = { jwt_exp: 3600, mailer_autoconfirm: false, disable_signup: true };
  const wanted = { jwt_exp: 86_400, mailer_autoconfirm: false };
  expect(settingsDiff(now, wanted)).toEqual([{ field: 'jwt_exp', from: 3600, to: 86_400 }]);
});

test('a field that is unset equals null, and 0, false and empty are values of their own', () => {
  expect(settingsDiff({}, { smtp_host: null })).toEqual([]);
  const empty = { a: 0, b: false, c: '' };
  expect(settingsDiff({}, empty).map(({ field }) => field)).toEqual(['a', 'b', 'c']);
});

test('the changes, carried out, leave no difference, and turned round they restore the old', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const settings = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value);
  fc.assert(
    fc.property(settings, settings, (now, wanted) => {
      const changes = settingsDiff(now, wanted);
      const after = { ...now, ...Object.fromEntries(changes.map(({ field, to }) => [field, to])) };
      expect(settingsDiff(after, wanted)).toEqual([]);
      const old = Object.fromEntries(changes.map(({ field, from }) => [field, from]));
      expect(settingsDiff({ ...after, ...old }, now)).toEqual([]);
    }),
  );
});
