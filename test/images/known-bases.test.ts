import { expect, it } from 'vitest';
import type { Engine } from '../../src/images/engines/engine.ts';
import { knownBases } from '../../src/images/known-bases.ts';

const digest = `sha256:${'ab'.repeat(32)}`;

it('a base that several services name is asked for once, and is one digest in all of them', async () => {
  const asked: string[] = [];
  const engine: Engine = {
    name: 'counting',
    held: async (reference) => {
      asked.push(reference);
      return digest;
    },
    fetch: () => Promise.reject(new Error('nothing has to be fetched')),
    build: () => Promise.reject(new Error('nothing is built')),
  };
  const bases = knownBases();
  const where = { file: 'Dockerfile', engine };
  const named = [`node@${digest}`, `python@${digest}`, `node@${digest}`];
  const found = await Promise.all(named.map((name) => bases.resolve({ name, uses: [] }, where)));
  expect(found.map(({ name }) => name)).toEqual(named);
  expect(found.map((one) => one.digest)).toEqual([digest, digest, digest]);
  expect(asked).toHaveLength(2);
});
