import { z } from 'zod';
import { migrationsProgram, postgresProgram } from '../postgres/programs.ts';
import { terraformBinary } from '../terraform/binary.ts';

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

const Terraform = z.object({ terraform_version: z.string() });

async function ask(): Promise<ToolVersions> {
  const askAlembic = 'from importlib.metadata import version; print(version("alembic"))';
  const [terraform, alembic, postgres] = await Promise.all([
    said(terraformBinary(), ['version', '-json']),
    said(migrationsProgram().python, ['-c', askAlembic]),
    said(postgresProgram('pg_dump'), ['--version']),
  ]);
  return {
    node: process.versions.node,
    terraform: Terraform.parse(JSON.parse(terraform)).terraform_version,
    alembic: alembic.trim(),
    postgres: / (\d+(?:\.\d+)*)/.exec(postgres)?.[1] ?? postgres.trim(),
  };
}

async function said(program: string, args: readonly string[]): Promise<string> {
  const env = { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' };
  const { execa } = await import('execa');
  return (await execa(program, args, { env })).stdout;
}
