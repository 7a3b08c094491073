import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Rig } from './rig.ts';

/** Has production keep its releases and backups in a bucket of another project, under this key. */
export async function keepElsewhere({ edit }: Pick<Rig, 'edit'>, keyFile: string): Promise<void> {
  await writeFile(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
  const id = '    project: wellness-production\n    ';
  const vault = `backup: { keyFile: ${keyFile}, bucket: wellness-vault, project: wellness-vault }`;
  await edit('windlass.yaml', `${id}billing`, `${id}${vault}\n    billing`);
}
