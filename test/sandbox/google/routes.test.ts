import { expect, test } from 'vitest';
import { compileTemplate, routeTable } from '../../../sandbox/google/routes.ts';

const table = routeTable(
  [
    '/v2/{name=projects/*/locations/*/services/*}',
    '/v2/{resource=projects/*/locations/*/services/*}:getIamPolicy',
    '/v2/{service.name=projects/*}/things',
    '/v2/{name=*/*/**}/manifests/{reference=**}',
    '/{bucket}/{object=**}',
  ].map((template) => ({ method: 'GET', template, handle: () => ({ status: 200 }) })),
);

test.each([
  ['/v2/projects/p/locations/l/services/s', { name: 'projects/p/locations/l/services/s' }],
  [
    '/v2/projects/p/locations/l/services/s:getIamPolicy',
    { resource: 'projects/p/locations/l/services/s' },
  ],
  ['/v2/projects/p/things', { 'service.name': 'projects/p' }],
  ['/v2/p/r/a/b/manifests/sha256:ab', { name: 'p/r/a/b', reference: 'sha256:ab' }],
  ['/bucket/a%2Fb%20c:d', { bucket: 'bucket', object: 'a/b c:d' }],
])('%s is told apart', (path, params) => {
  expect(table('GET', path)?.params).toEqual(params);
});

test('another method or a part of a path does not match', () => {
  expect(table('POST', '/v2/projects/p/things')).toBeUndefined();
  expect(compileTemplate('/v1/{name=projects/*}').regexp.test('/v1/projects/a/b')).toBe(false);
});
