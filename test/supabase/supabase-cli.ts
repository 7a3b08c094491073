import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

/** The client is 142 MB and only for tests, so it is not among the packages of the project. */
const version = '3.1.0';
const tools = resolve(import.meta.dirname, '..', '..', '.windlass', 'tools');

/**
 * The path of Supabase's own command line: WINDLASS_SUPABASE_CLI, else installed once from npm into
 * `.windlass/tools`; undefined, with a word on why, where it cannot be had.
 */
export async function supabaseCli(): Promise<string | undefined> {
  const given = process.env['WINDLASS_SUPABASE_CLI'];
  if (given !== undefined) return given;
  const folder = join(tools, `supabase-${version}`);
  const binary = join(folder, 'node_modules', '.bin', 'supabase');
  if (existsSync(binary)) return binary;
  await mkdir(tools, { recursive: true });
  const fresh = await mkdtemp(join(tools, 'supabase-'));
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefix', fresh];
  const installed = await execa('npm', ['install', ...options, `supabase@${version}`], {
    cwd: fresh,
    reject: false,
    timeout: 100_000,
  });
  if (installed.exitCode === 0) await rename(fresh, folder).catch(() => undefined);
  await rm(fresh, { recursive: true, force: true });
  if (existsSync(binary)) return binary;
  process.stderr.write(`supabase ${version} is not installed: ${installed.stderr.slice(-300)}\n`);
  return undefined;
}

/** The client as a user of the sandbox has it: a home of its own and a profile that points here. */
export async function clientAt(
  binary: string,
  at: { readonly home: string; readonly api: string; readonly token: string },
) {
  const { home, api, token } = at;
  const profile = join(home, 'profile.yaml');
  const addresses = [`api_url: ${api}`, `dashboard_url: ${api}`, 'project_host: 127.0.0.1'];
  await mkdir(home, { recursive: true });
  await writeFile(profile, ['name: sandbox', ...addresses, ''].join('\n'));
  const env = {
    ...{ HOME: home, PATH: process.env['PATH'], SUPABASE_PROFILE: profile },
    ...{ SUPABASE_ACCESS_TOKEN: token, SUPABASE_NO_KEYRING: '1', SUPABASE_TELEMETRY_DISABLED: '1' },
  };
  return async (...args: string[]): Promise<string> => {
    const options = { env, extendEnv: false, cwd: home, timeout: 120_000, reject: false } as const;
    const { exitCode, stdout, stderr } = await execa(binary, args, options);
    if (exitCode === 0) return stdout;
    throw new Error(`supabase ${args[0]} ${args[1]} ended with ${exitCode}: ${stderr}`);
  };
}
