import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { ownVariables } from '../own-variables.ts';
import { migrationsProgram, postgresProgram } from '../postgres/programs.ts';
import { installedTerraform } from '../terraform/installed-version.ts';

/** The tools that a release was made with; part of the release. */
export const ToolVersions = z.object({
  node: z.string(),
  terraform: z.string(),
  alembic: z.string(),
  postgres: z.string().describe('of the client: pg_dump and pg_restore'),
});
export type ToolVersions = z.infer<typeof ToolVersions>;

let asked: Promise<ToolVersions> | undefined;

/** The versions of this machine's tools; each is asked once per process. */
export async function toolVersions(): Promise<ToolVersions> {
  return (asked ??= ask());
}

async function ask(): Promise<ToolVersions> {
  const [terraform, alembic, postgres] = await Promise.all([
    installedTerraform(),
    alembicVersion(),
    said(postgresProgram('pg_dump'), ['--version']),
  ]);
  return {
    node: process.versions.node,
    ...{ terraform, alembic },
    postgres: / (\d+(?:\.\d+)*)/.exec(postgres)?.[1] ?? postgres.trim(),
  };
}

/** Beside a Python in a virtual environment the installed packages lie as folders named so. */
async function alembicVersion(): Promise<string> {
  const { python } = migrationsProgram();
  const pattern = join(dirname(dirname(python)), 'lib/python*/site-packages/alembic-*.dist-info');
  const [found, other] = globSync(pattern);
  if (found !== undefined && other === undefined)
    return basename(found, '.dist-info').slice('alembic-'.length);
  const ask = 'from importlib.metadata import version; print(version("alembic"))';
  return (await said(python, ['-c', ask])).trim();
}

async function said(program: string, args: readonly string[]): Promise<string> {
  const { execa } = await import('execa');
  return (await execa(program, args, { env: ownVariables(), extendEnv: false })).stdout;
}
