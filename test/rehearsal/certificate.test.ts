import { afterAll, beforeAll, expect, it } from 'vitest';
import { requireRehearsal, writeCertificate } from '../../src/rehearsal/certificate.ts';
import type { Certificate } from '../../src/rehearsal/certificate.ts';
import { openShelf } from '../releases/release-shelf.ts';
import type { Shelf } from '../releases/release-shelf.ts';

let shelf: Shelf;

beforeAll(async () => {
  shelf = await openShelf();
});

afterAll(() => shelf.close());

function certificate(release: string): Certificate {
  const one = { name: 'plan', cells: [], passed: true, seconds: 1, remark: '' };
  return {
    ...{ version: 1, release, environment: 'production', form: 'short' },
    ...{ at: new Date().toISOString(), seconds: 1, passed: true, cases: [one] },
  };
}

it('lets a release pass that was rehearsed for this environment', async () => {
  await writeCertificate(shelf.site, certificate('r-proven'));
  await expect(requireRehearsal(shelf.site, 'r-proven')).resolves.toBeUndefined();
});

const belied = {
  ...certificate('r-4'),
  cases: [{ ...certificate('r-4').cases[0], passed: false }],
};

it.each([
  ['r-1', 'of another release under this one’s name', certificate('r-proven')],
  ['r-2', 'of another environment', { ...certificate('r-2'), environment: 'staging' }],
  ['r-3', 'with no case at all', { ...certificate('r-3'), cases: [] }],
  ['r-4', 'that its own cases belie', belied],
])('refuses %s with a certificate %s', async (release, _what, kept) => {
  await shelf.meddle(`rehearsals/${release}.json`, JSON.stringify(kept));
  await expect(requireRehearsal(shelf.site, release)).rejects.toMatchObject({
    code: 'REHEARSAL_MISSING',
    why: expect.stringMatching(/\S/),
  });
});
