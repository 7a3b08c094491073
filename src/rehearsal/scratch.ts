import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { Config } from '../config/config.ts';

const leftOut = /\/(\.venv|__pycache__|\.terraform|\.ruff_cache)(\/|$)/;

/** A copy of the project that a rehearsal may deploy: every environment of it is in the sandbox. */
export async function layOutScratch(root: string, config: Config, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, '.windlass'), { recursive: true, mode: 0o755 });
  const sources = Object.values(config.services).flatMap(({ source }) => source ?? []);
  const checks = (config.smoke ?? []).flatMap(({ in: path }) => path ?? []);
  for (const path of [...sources, ...checks, ...(config.access ? [config.access] : [])])
    await cp(join(root, path), join(folder, path), {
      recursive: true,
      filter: (from) => !leftOut.test(from.slice(root.length)),
    });
  const yaml = parseDocument(await readFile(join(root, 'windlass.yaml'), 'utf8'));
  // Its ports are those of the other sandbox; nobody is told or asked; no other environment proves.
  for (const key of ['sandbox', 'notify', 'approval', 'migrations']) yaml.delete(key);
  for (const name of Object.keys(config.environments)) {
    yaml.setIn(['environments', name, 'target'], 'sandbox');
    yaml.deleteIn(['environments', name, 'approval']);
    yaml.deleteIn(['environments', name, 'people']);
  }
  // Nobody's own value leaves its environment: the rehearsal reads a word that opens nothing.
  for (const path of externalPaths(config)) yaml.setIn(path, 'generated');
  await writeFile(join(folder, 'windlass.yaml'), String(yaml));
}

/** Every place of windlass.yaml that declares a secret which a person fills. */
function externalPaths({ services, environments }: Config): readonly (readonly string[])[] {
  const below = (at: readonly string[], all: Readonly<Record<string, Reading | undefined>>) =>
    Object.entries(all).flatMap(([service, reading]) =>
      Object.entries(reading?.secrets ?? {})
        .filter(([, source]) => source === 'external')
        .map(([secret]) => [...at, service, 'secrets', secret]),
    );
  return [
    ...below(['services'], services),
    ...Object.entries(environments).flatMap(([name, { services: own = {} }]) =>
      below(['environments', name, 'services'], own),
    ),
  ];
}

interface Reading {
  readonly secrets?: Readonly<Record<string, string>>;
}
