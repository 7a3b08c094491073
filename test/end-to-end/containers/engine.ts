import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { execa } from 'execa';
import { findRunner } from '../../../src/container-runner.ts';

const storage = resolve('.windlass', 'test-engine', 'storage.conf');

/** The bases that the Dockerfiles of the test start from; tools/test-engine.sh provides them. */
const bases = ['docker.io/library/python:3.13-slim', 'docker.io/library/node:24-slim'];

/** Variables that lead to the engine of the test; undefined where there is none, or no base image. */
export async function testEngine(): Promise<Readonly<Record<string, string>> | undefined> {
  if (!existsSync(storage)) return undefined;
  const env = { CONTAINERS_STORAGE_CONF: storage };
  for (const base of bases) {
    const args = ['inspect', '--type', 'image', base];
    const { exitCode } = await execa('buildah', args, { env, reject: false });
    if (exitCode !== 0) return undefined;
  }
  Object.assign(process.env, env);
  return (await findRunner()) && { ...env, WINDLASS_BUILDER: 'buildah' };
}
