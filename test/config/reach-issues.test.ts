import { expect, it } from 'vitest';
import { reachIssues } from '../../src/config/reach-issues.ts';

const web = { calls: ['api'] };

it('a service that another calls cannot be internal: it would get 404', () => {
  expect(reachIssues({ web, api: { calls: [], ingress: 'internal' } })).toEqual([
    {
      path: ['services', 'api', 'ingress'],
      message: expect.stringContaining('web would get 404'),
      fix: expect.stringContaining('Leave `ingress` out'),
    },
  ]);
});

it('one that is called by nobody, or from everywhere, may be', () => {
  expect(reachIssues({ api: { calls: [], ingress: 'internal' } })).toEqual([]);
  expect(reachIssues({ web, api: { calls: [], ingress: 'all' } })).toEqual([]);
});
