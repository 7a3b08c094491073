import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeLayout } from './oci-layout.ts';

const run = promisify(execFile);

/** How one command of a client ended; `why` is what it said. */
interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly why: string;
}

/** skopeo pushes, pulls, lists and deletes, an index too; nothing where it is not installed. */
export async function skopeoChecks(
  door: string,
  token: string,
  folder: string,
): Promise<readonly Check[]> {
  if (!(await succeeds(['--version'])).ok) return [];
  await writeLayout(join(folder, 'layout'));
  const local = `oci:${join(folder, 'layout')}`;
  const image = `docker://${new URL(door).host}/demo-prod/images/skopeo`;
  const user = `oauth2accesstoken:${token}`;
  const from = ['--src-tls-verify=false', '--src-creds', user];
  const to = ['--dest-tls-verify=false', '--dest-creds', user];
  const at = ['--tls-verify=false', '--creds', user];
  const wrong = ['--tls-verify=false', '--creds', 'oauth2accesstoken:wrong'];
  const commands: [name: string, ok: boolean, args: readonly string[]][] = [
    ['push', true, ['copy', ...to, `${local}:one`, `${image}:one`]],
    ['push an index', true, ['copy', '--all', ...to, `${local}:all`, `${image}:all`]],
    ['inspect', true, ['inspect', ...at, `${image}:one`]],
    ['inspect an index', true, ['inspect', '--raw', ...at, `${image}:all`]],
    ['list tags', true, ['list-tags', ...at, image]],
    ['pull', true, ['copy', ...from, `${image}:one`, `dir:${join(folder, 'pulled')}`]],
    ['pull an index', true, ['copy', '--all', ...from, `${image}:all`, `oci:${folder}/all:all`]],
    ['copy an index', true, ['copy', '--all', ...from, ...to, `${image}:all`, `${image}:again`]],
    ['push as v2s2', true, ['copy', '--format', 'v2s2', ...to, `${local}:one`, `${image}:v2`]],
    ['delete', true, ['delete', ...at, `${image}:v2`]],
    ['delete an index', true, ['delete', ...at, `${image}:all`]],
    ['a wrong token is refused', false, ['inspect', ...wrong, `${image}:one`]],
    ['no token is refused', false, ['inspect', '--tls-verify=false', `${image}:one`]],
  ];
  const checks: Check[] = [];
  for (const [name, wanted, args] of commands) {
    const { ok, why } = await succeeds(['--insecure-policy', ...args]);
    checks.push({ name: `skopeo ${name}`, ok: ok === wanted, why });
  }
  return checks;
}

async function succeeds(args: readonly string[]): Promise<{ ok: boolean; why: string }> {
  try {
    await run('skopeo', [...args]);
    return { ok: true, why: 'it succeeded' };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}
