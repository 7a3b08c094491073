import { glob, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { serveProvider } from '../sandbox/provider/serve.ts';

// `terraform validate` of every stack and module, against the stand-in of the google provider.
const terraform = process.env['WINDLASS_TERRAFORM'] ?? 'terraform';
const tree = process.argv[2] ?? 'infra';
const folder = await mkdtemp(join(tmpdir(), 'windlass-validate-'));
const provider = await serveProvider({ socket: join(folder, 'provider.sock'), env: {} });
try {
  const roots: string[] = [];
  for await (const file of glob(`${tree}/{stacks,modules}/*/versions.tf`))
    roots.push(dirname(file));
  if (roots.length === 0) throw new Error(`there is no stack and no module below ${tree}`);
  for (const root of roots.toSorted()) await validate(root);
} finally {
  await provider.close();
  await rm(folder, { recursive: true });
}

async function validate(root: string): Promise<void> {
  const env = {
    TF_REATTACH_PROVIDERS: provider.reattach,
    TF_DATA_DIR: join(folder, root),
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
  };
  for (const args of [['init', '-backend=false', '-input=false'], ['validate']]) {
    const outcome = await execa(terraform, [`-chdir=${root}`, ...args, '-no-color'], {
      ...{ env, all: true, reject: false },
    });
    if (!outcome.failed) continue;
    process.stdout.write(
      `${root}: terraform ${args[0]}\n${outcome.all}\n${outcome.shortMessage}\n`,
    );
    process.exitCode = 1;
    return;
  }
}
