import { expect, it } from 'vitest';
import { sbomOf } from '../../src/releases/sbom.ts';
import type { Parts } from '../../src/releases/sbom.ts';

const digest = (sign: string) => `sha256:${sign.repeat(64)}`;
const parts: Parts = {
  project: 'shop',
  release: { id: 'r-0123456789ab', sha256: 'f0'.repeat(32) },
  images: [
    { service: 'web', image: digest('a'), bases: { 'node:24-slim': digest('b') } },
    { service: 'api', image: `ghcr.io/shop/api@${digest('c')}`, bases: {} },
    { service: 'jobs', image: digest('d'), bases: { 'node:24-slim': digest('b') } },
  ],
  providers: [
    { source: 'registry.terraform.io/hashicorp/google', version: '7.45.0', hashes: ['h1:x='] },
  ],
  tools: { node: '24.1.0', terraform: '1.12.0', alembic: '1.17.0', postgres: '17.6' },
};

it('names every image by its digest, each base once, the providers and the tools', () => {
  const { components } = sbomOf(parts);
  expect(components.map(({ name, version }) => [name, version])).toEqual([
    ['web', digest('a')],
    ['ghcr.io/shop/api', digest('c')],
    ['jobs', digest('d')],
    ['node:24-slim', digest('b')],
    ['registry.terraform.io/hashicorp/google', '7.45.0'],
    ...Object.entries(parts.tools),
  ]);
  expect(components[1]?.purl).toBe(`pkg:oci/api@sha256%3A${'c'.repeat(64)}`);
  expect(components[3]?.purl).toBe(`pkg:oci/node@sha256%3A${'b'.repeat(64)}`);
});

it('every reference of a dependency is a component, and no reference stands twice', () => {
  const { components, dependencies, metadata } = sbomOf(parts);
  const refs = [...components.map((one) => one['bom-ref']), metadata.component['bom-ref']];
  expect(new Set(refs).size).toBe(refs.length);
  for (const { ref, dependsOn } of dependencies)
    expect(refs).toEqual(expect.arrayContaining([ref, ...dependsOn]));
});

it('the same release gives the same document, with a number of its own', () => {
  expect(sbomOf(parts)).toEqual(sbomOf(parts));
  expect(sbomOf(parts).serialNumber).toMatch(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
